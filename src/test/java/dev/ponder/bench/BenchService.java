package dev.ponder.bench;

import dev.ponder.PonderService;
import dev.ponder.engine.Engine;
import dev.ponder.engine.resilience.ResilienceSettings;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.job.Job;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobIntake;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Submission;
import dev.ponder.model.Models;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/// The whole service in this process, on an H2 file as it ships, with an engine of the benchmark's.
final class BenchService implements AutoCloseable {

  /// Asking costs processor time that an engine beside it lacks, and what a job took is read from
  /// the job.
  private static final Duration POLL = Duration.ofMillis(20);

  private static final Duration LONGEST_JOB = Duration.ofMinutes(3);

  private final ConfigurableApplicationContext context;

  BenchService(Path data, Engine engine, String... properties) {
    var settings = new ArrayList<>(List.of(properties));
    settings.add("ponder.data=" + data);
    settings.add("server.port=0");
    settings.add("spring.main.allow-bean-definition-overriding=true");
    var resilient =
        new ResilientEngine(engine, ResilienceSettings.defaults(), InstantSource.system());
    ApplicationContextInitializer<GenericApplicationContext> oneEngine =
        context ->
            context.registerBean(
                "benchModels",
                Models.class,
                () -> new OneModel(resilient),
                definition -> definition.setPrimary(true));
    context =
        new SpringApplicationBuilder(PonderService.class)
            .initializers(oneEngine)
            // As arguments: application.yaml would win over properties set here.
            .run(settings.stream().map(each -> "--" + each).toArray(String[]::new));
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  UUID submit(String prompt, String pipeline, long seed) {
    var submission = new Submission(prompt, pipeline, null, null, seed, Map.of());
    return bean(JobIntake.class).accept(submission, null).job().id();
  }

  /// Waits for the end of a job, which has to be an answer.
  Job answered(UUID id) {
    return answered(id, POLL);
  }

  /// Waits for the answer, and looks for it this often.
  Job answered(UUID id, Duration every) {
    long end = System.nanoTime() + LONGEST_JOB.toNanos();
    while (System.nanoTime() < end) {
      Job job = bean(JobCommands.class).find(id);
      if (job.status() == JobStatus.COMPLETED) {
        return job;
      }
      if (job.status().isFinal() || job.status() == JobStatus.PAUSED) {
        break;
      }
      LockSupport.parkNanos(every.toNanos());
    }
    Job job = bean(JobCommands.class).find(id);
    throw new IllegalStateException(
        "Job %s is %s: %s %s".formatted(id, job.status(), job.failure(), job.pausedBecause()));
  }

  static Duration took(Job job) {
    return Duration.between(job.createdAt(), job.finishedAt().orElseThrow());
  }

  @Override
  public void close() {
    SpringApplication.exit(context);
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
