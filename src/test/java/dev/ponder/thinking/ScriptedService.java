package dev.ponder.thinking;

import dev.ponder.PonderService;
import dev.ponder.database.DatabaseFaults;
import dev.ponder.database.TestDatabase;
import dev.ponder.engine.Engine;
import dev.ponder.job.Job;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobInsight;
import dev.ponder.job.JobIntake;
import dev.ponder.job.JobProgress;
import dev.ponder.job.Submission;
import dev.ponder.journal.JournalEntry;
import dev.ponder.journal.Journals;
import dev.ponder.journal.Lines;
import dev.ponder.memory.Thought;
import dev.ponder.model.Models;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.data.domain.Limit;

/// The whole service on a real database, with an engine of the test's own: everything real but the
/// model.
public final class ScriptedService implements AutoCloseable {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final DatabaseFaults faults;
  private final Models models;
  private final List<String> properties;
  private ConfigurableApplicationContext context;

  public ScriptedService(Path data, Engine engine, String... properties) {
    this(TestDatabase.H2.settings(data), engine, properties);
  }

  /// @param database where it keeps its jobs: the settings of a [TestDatabase]
  public ScriptedService(List<String> database, Engine engine, String... properties) {
    this(database, new DatabaseFaults(), engine, properties);
  }

  /// @param faults makes the database fail on command
  public ScriptedService(
      List<String> database, DatabaseFaults faults, Engine engine, String... properties) {
    this(database, faults, new OneModel(engine), properties);
  }

  /// @param models all models there are, and who takes over from whom
  ScriptedService(List<String> database, Models models, String... properties) {
    this(database, new DatabaseFaults(), models, properties);
  }

  private ScriptedService(
      List<String> database, DatabaseFaults faults, Models models, String... properties) {
    this.faults = faults;
    this.models = models;
    this.properties = Stream.concat(database.stream(), Arrays.stream(properties)).toList();
    start();
  }

  public void start() {
    var settings = new ArrayList<>(properties);
    settings.add("server.port=0");
    settings.add("ponder.lease.poll=100ms");
    settings.add("spring.main.allow-bean-definition-overriding=true");
    ApplicationContextInitializer<GenericApplicationContext> oneEngine =
        context -> {
          context.registerBean(
              "scriptedModels",
              Models.class,
              () -> models,
              definition -> definition.setPrimary(true));
          context.registerBean("faults", DatabaseFaults.class, () -> faults);
        };
    Map<String, Object> said = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      said.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    // In front of application.yaml, and not as arguments, where no key may stand.
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("settings", said));
    context =
        new SpringApplicationBuilder(PonderService.class)
            .web(WebApplicationType.SERVLET)
            .initializers(oneEngine)
            .environment(environment)
            .run();
  }

  public void stop() {
    SpringApplication.exit(context);
  }

  public void restart() {
    stop();
    start();
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public <T> T bean(String name, Class<T> type) {
    return context.getBean(name, type);
  }

  public int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  public UUID submit(String prompt) {
    return submit(Submission.of(prompt));
  }

  public UUID submit(Submission submission) {
    return bean(JobIntake.class).accept(submission, null).job().id();
  }

  public Job job(UUID id) {
    return bean(JobCommands.class).find(id);
  }

  public JobProgress progress(UUID id) {
    return bean(JobInsight.class).progress(job(id));
  }

  public List<Thought> thoughts(UUID id) {
    return bean(Journals.class).thoughts(id);
  }

  public List<JournalEntry> journal(UUID id) {
    return bean(Lines.class).after(id, 0, Limit.of(1000));
  }

  public List<JournalEntry.Kind> kinds(UUID id) {
    return journal(id).stream().map(JournalEntry::kind).toList();
  }

  /// Waits until the job is over or paused.
  public Job ended(UUID id) {
    return until(
        id, job -> job.status().isFinal() || job.status() == dev.ponder.job.JobStatus.PAUSED);
  }

  public Job until(UUID id, Predicate<Job> reached) {
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (System.nanoTime() < end) {
      Job job = job(id);
      if (reached.test(job)) {
        return job;
      }
      pause();
    }
    throw new AssertionError(
        "Job %s is still %s in %s after %s; its journal: %s"
            .formatted(id, job(id).status(), job(id).stage(), LONGEST_WAIT, journal(id)));
  }

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    stop();
  }

  private record OneModel(Engine engine) implements Models {
    @Override
    public Engine engine(String name) {
      return engine;
    }

    @Override
    public String defaultModel() {
      return engine.model();
    }

    @Override
    public List<String> names() {
      return List.of(engine.model());
    }

    @Override
    public String pipeline(String model) {
      return "mini";
    }
  }
}
