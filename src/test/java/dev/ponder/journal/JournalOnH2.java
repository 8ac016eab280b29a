package dev.ponder.journal;

import dev.ponder.database.DatabaseFaults;
import dev.ponder.job.Claim;
import dev.ponder.job.JobLeases;
import dev.ponder.job.Lease;
import dev.ponder.job.LeaseSettings;
import dev.ponder.job.SimulatedJobs;
import dev.ponder.journal.archive.Archive;
import dev.ponder.journal.archive.Thoughts;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import dev.ponder.time.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/// The real journals on an H2 in memory with all migrations, and no service around them. Time
/// stands until a test moves it.
public final class JournalOnH2 {

  private static final AtomicLong COUNT = new AtomicLong();

  /// The database of the test that runs: making repositories takes a second, so all share them.
  private static volatile DataSource current;

  private static final SimulatedJobs REPOSITORIES =
      new SimulatedJobs(
          new DelegatingDataSource() {
            @Override
            public DataSource getTargetDataSource() {
              return current;
            }

            @Override
            public void afterPropertiesSet() {
              // There is none yet.
            }
          });

  public final DatabaseFaults faults = new DatabaseFaults();
  public final JdbcTemplate jdbc;
  public Instant now = Instant.parse("2026-11-27T10:00:00Z");
  final JournalSettings settings;
  final DatabaseTrouble trouble;
  final Journals journals;
  private final DataSource database;
  private final JobLeases leases;
  boolean stopped;

  /// Chunks of four tokens, a second, or the end; texts of 100 characters are packed.
  public JournalOnH2() {
    this(new JournalSettings(4, secs(1), 100, 64, Duration.ofMillis(1), Duration.ofMinutes(1)));
  }

  JournalOnH2(JournalSettings settings) {
    this.settings = settings;
    var source =
        new SimpleDriverDataSource(
            new org.h2.Driver(),
            "jdbc:h2:mem:journal-%d;DB_CLOSE_DELAY=-1".formatted(COUNT.incrementAndGet()));
    var migrations = new ResourceDatabasePopulator();
    try (Stream<Path> files = Files.list(Path.of("migrations"))) {
      files.sorted().map(FileSystemResource::new).forEach(migrations::addScript);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    migrations.execute(source);
    database = (DataSource) faults.postProcessAfterInitialization(source, "database");
    current = database;
    jdbc = new JdbcTemplate(database);
    jdbc.update("insert into pipeline_version (hash, name, source) values ('h', 'mini', '')");
    leases =
        SimulatedJobs.leases(
            database, new LeaseSettings(Duration.ofDays(1), Duration.ofDays(3), secs(1)));
    trouble = new DatabaseTrouble(() -> now, settings);
    journals =
        new Journals(jdbc, database, leases, settings, trouble, Threads.ofThePlatform(), () -> now);
  }

  private static Duration secs(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  /// A queued job.
  public UUID job() {
    var id = UUID.randomUUID();
    jdbc.update(
        """
        insert into job (id, prompt, pipeline, pipeline_hash, model, seed, created_at, deadline,
          status, visit, fingerprint, epoch)
        values (?, 'Why?', 'mini', 'h', 'mini', 1, ?, ?, 'QUEUED', 0, 'f', 0)
        """,
        id,
        now.atOffset(ZoneOffset.UTC),
        now.plus(Duration.ofDays(10_000)).atOffset(ZoneOffset.UTC));
    return id;
  }

  /// The only job that can be claimed. Its owner of before, if there is one, is dead.
  public Lease claim() {
    jdbc.update("update job set lease_until = null where status = 'RUNNING'");
    List<Lease> claimed =
        leases.claim("owner", 10, Duration.ZERO).stream().map(Claim::lease).toList();
    if (claimed.size() != 1) {
      throw new AssertionError("One job should be there to be claimed: " + claimed);
    }
    return claimed.getFirst();
  }

  /// The journal as a run opens it.
  public JobJournal open(Lease lease) {
    return journals.open(lease, journals.history(lease.job()), () -> stopped);
  }

  public Journals journals() {
    return journals;
  }

  public List<JournalEntry> entries(UUID job, long after, int limit) {
    return REPOSITORIES.repository(Lines.class).after(job, after, Limit.of(limit));
  }

  List<JournalEntry> entries(UUID job, JournalEntry.Kind kind, int limit) {
    return REPOSITORIES.repository(Lines.class).of(job, kind, Limit.of(limit));
  }

  /// What is durable of the job's thoughts, without their texts.
  Thoughts thoughts() {
    return REPOSITORIES.repository(Thoughts.class);
  }

  public Archive archive() {
    return new Archive(jdbc, database, settings, () -> now);
  }

  public static ThoughtKey branch(int number) {
    return new ThoughtKey(Stage.DEEP_EXPLORATION, 1, number);
  }

  /// Writes so many tokens, `first` and the ones after it, with their numbers as ids.
  public static void tokens(Draft draft, int first, int count) {
    for (int token = first; token < first + count; token++) {
      draft.write(token + " ", 1, new int[] {token});
    }
  }

  /// The only value of a query.
  long count(String query) {
    return jdbc.queryForObject(query, Long.class);
  }
}
