package dev.ponder.journal.storage;

import dev.ponder.database.DatabaseFile;
import dev.ponder.job.JobArchive;
import dev.ponder.job.JobProblem;
import dev.ponder.journal.archive.Archive;
import dev.ponder.journal.archive.ArchiveSettings;
import dev.ponder.time.Probe;
import dev.ponder.time.Threads;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Whether there is room for more. When there is none, the oldest jobs that are over are archived
/// first, which makes them smaller; only if that is not enough, new work is refused. Nothing is
/// ever deleted for room.
///
/// A measurement is used for a while, so the limit can be passed by what is stored meanwhile.
@Component("storage")
public class StorageRoom implements JobArchive, HealthIndicator {

  /// Whoever is refused asks again at once; what was found a moment ago is still so.
  private static final Duration REFUSED_AGAIN = Duration.ofSeconds(1);

  /// The most that anything which is stored for a character of text takes: its UTF-8, or half of it
  /// with the journal and token ids beside it.
  private static final int BYTES_OF_A_CHARACTER = 8;

  /// What an H2 file may have beyond its content without that being counted: the rows of the last
  /// 45 s in all their versions.
  private static final long FILE_SLACK = 64L << 20;

  private static final int STEPS = 6;

  private static final Duration STEP = Duration.ofMillis(200);

  private static final String NEXT =
      "Delete jobs, set ponder.retention.delete-after, or raise ponder.storage.total-max.";

  private static final Logger log = LoggerFactory.getLogger(StorageRoom.class);

  private final Storage storage;
  private final Archive archive;
  private final StorageSettings settings;
  private final ArchiveSettings archiveSettings;
  private final InstantSource time;
  private final @Nullable DatabaseFile database;
  private final ReentrantLock archiving = new ReentrantLock();
  private final AtomicBoolean toldThatItIsFull = new AtomicBoolean();
  private final Probe<Double> shown = new Probe<>(Threads.ofThePlatform());
  private volatile @Nullable Measured last;

  private record Measured(long bytes, Instant at) {}

  /// Where the content alone counts.
  public StorageRoom(
      Storage storage,
      Archive archive,
      StorageSettings settings,
      ArchiveSettings archiveSettings,
      InstantSource time,
      MeterRegistry meters) {
    this(storage, archive, settings, archiveSettings, time, meters, null);
  }

  /// @param database whose file counts too
  @Autowired
  public StorageRoom(
      Storage storage,
      Archive archive,
      StorageSettings settings,
      ArchiveSettings archiveSettings,
      InstantSource time,
      MeterRegistry meters,
      @Nullable DatabaseFile database) {
    this.database = database;
    this.storage = storage;
    this.archive = archive;
    this.settings = settings;
    this.archiveSettings = archiveSettings;
    this.time = time;
    Gauge.builder("ponder.storage", this, StorageRoom::shown)
        .description("Bytes of content that are stored: prompts, answers, thoughts, archives")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("ponder.storage.file", this, StorageRoom::fileBytes)
        .description("Bytes of the H2 file; 0 with PostgreSQL")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("ponder.storage.limit", settings, s -> s.totalMax().toBytes())
        .description("The most that ponder.storage.total-max allows")
        .baseUnit("bytes")
        .register(meters);
  }

  /// Makes sure that there is room for another job.
  ///
  /// @throws JobProblem.StorageFull if there is none, whatever was archived
  public void require() {
    Measured known = last;
    if (known != null && known.bytes() >= limit() && !isOlder(known, REFUSED_AGAIN)) {
      throw new JobProblem.StorageFull(known.bytes(), limit());
    }
    if (measured() < limit() || measuredAnew() < limit()) {
      tellOfRoom();
      return;
    }
    // What is dead in the file goes before anybody's jobs do.
    if (fileTooLarge() && madeSmaller() && measuredAnew() < limit()) {
      tellOfRoom();
      return;
    }
    long stored = archiveOldest();
    if (stored >= limit()) {
      throw new JobProblem.StorageFull(stored, limit());
    }
  }

  /// Whether a job has stored as much as one may.
  ///
  /// @param characters of its prompt and its thoughts: where they are few, nothing is measured
  public boolean isUsedUpBy(UUID job, long characters) {
    long most = settings.jobMax().toBytes();
    return characters * BYTES_OF_A_CHARACTER >= most && storage.of(job) >= most;
  }

  /// Whether so much is stored that jobs are archived early.
  public boolean isScarce() {
    return measuredAnew() >= limit() * settings.archiveFrom();
  }

  /// Archives the oldest jobs that are over, however young they are, a batch at a time and by one
  /// thread of this node: the others are refused meanwhile, or find room. Answers the bytes that
  /// are stored then.
  private long archiveOldest() {
    if (!archiving.tryLock()) {
      return measuredAnew();
    }
    try {
      int archived = 0;
      for (Archive.Due due :
          archive.due(time.instant(), Archive.Due.FIRST, archiveSettings.atOnce())) {
        archived += archive.isArchived(due) ? 1 : 0;
      }
      long stored = measuredAnew();
      tell(archived, stored);
      return stored;
    } finally {
      archiving.unlock();
    }
  }

  /// Says what changed. A storage that is full is looked at with each submission, so that it is
  /// full is said once, until there is room again.
  private void tell(int archived, long stored) {
    if (archived > 0) {
      log.info(
          "The storage was full: jobs archived early: {}. Now {} of {} bytes are stored.",
          archived,
          stored,
          limit());
    }
    if (stored < limit()) {
      tellOfRoom();
    } else if (toldThatItIsFull.compareAndSet(false, true)) {
      log.warn(
          "The storage is full: {} bytes are stored, and the limit is {} (ponder.storage.total-max). {} New jobs are refused with 507 until there is room. {}",
          stored,
          limit(),
          archived > 0
              ? "What was archived was not enough."
              : "No job that is over is left to archive.",
          NEXT);
    }
  }

  private void tellOfRoom() {
    if (toldThatItIsFull.compareAndSet(true, false)) {
      log.info("The storage has room again. New jobs are taken.");
    }
  }

  @Override
  public void restore(UUID job) {
    require();
    archive.restore(job);
  }

  private long limit() {
    return settings.totalMax().toBytes();
  }

  /// As it was not long ago.
  private long measured() {
    Measured known = last;
    return known == null || isOlder(known, settings.measureEvery())
        ? measuredAnew()
        : known.bytes();
  }

  private boolean isOlder(Measured known, Duration age) {
    return Duration.between(known.at(), time.instant()).abs().compareTo(age) >= 0;
  }

  private long measuredAnew() {
    long bytes = Math.max(storage.total(), fileBytes() - FILE_SLACK);
    last = new Measured(bytes, time.instant());
    return bytes;
  }

  private long fileBytes() {
    return database == null ? 0 : database.bytes();
  }

  private boolean fileTooLarge() {
    return fileBytes() - FILE_SLACK >= limit();
  }

  /// By one thread, and for about as long as a client waits gladly.
  private boolean madeSmaller() {
    DatabaseFile file = database;
    if (file == null || !archiving.tryLock()) {
      return false;
    }
    try {
      for (int step = 0; step < STEPS && fileTooLarge(); step++) {
        file.compact(STEP);
      }
      return !fileTooLarge();
    } finally {
      archiving.unlock();
    }
  }

  /// For those who look at it. While the database is away none of them waits long for it.
  private double shown() {
    return shown.answer(this::known, () -> Double.NaN);
  }

  private double known() {
    try {
      return measured();
    } catch (DataAccessException | TransactionException away) {
      Measured known = last;
      return known == null ? Double.NaN : known.bytes();
    }
  }

  @Override
  public Health health() {
    double bytes = shown();
    if (Double.isNaN(bytes)) {
      return Health.unknown().withDetail("what", "The database cannot be asked.").build();
    }
    boolean full = bytes >= limit();
    var health =
        (full ? Health.down() : Health.up())
            .withDetail("bytes", (long) bytes)
            .withDetail("file", fileBytes())
            .withDetail("limit", limit());
    return full
        ? health
            .withDetail("what", "New jobs are refused with 507. Nothing is lost.")
            .withDetail("next", NEXT)
            .build()
        : health.build();
  }
}
