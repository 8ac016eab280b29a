package dev.ponder.housekeeping;

import dev.ponder.job.JobCommands;
import dev.ponder.job.JobProblem;
import dev.ponder.model.Models;
import dev.ponder.thinking.ThinkingSettings;
import dev.ponder.time.Threads;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Has the engines of this node forget jobs that ended or were deleted on another one, which nobody
/// tells it: it looks every `ponder.thinking.tidy-every`.
@Component
class OrphanedSnapshots implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(OrphanedSnapshots.class);

  private final Models models;
  private final JobCommands jobs;
  private final Threads threads;
  private final ThinkingSettings settings;
  private volatile CountDownLatch stopping = new CountDownLatch(0);

  OrphanedSnapshots(Models models, JobCommands jobs, Threads threads, ThinkingSettings settings) {
    this.models = models;
    this.jobs = jobs;
    this.threads = threads;
    this.settings = settings;
  }

  @Override
  public void start() {
    var stop = new CountDownLatch(1);
    stopping = stop;
    threads.start("left-thoughts", () -> tidyUntil(stop));
  }

  private void tidyUntil(CountDownLatch stop) {
    try {
      while (!threads.await(stop, settings.tidyEvery())) {
        tidy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void tidy() {
    try {
      models.tidy(this::goesOn);
    } catch (RuntimeException | StackOverflowError away) {
      log.debug("What engines keep of jobs that are gone stays for now", away);
    }
  }

  /// What is of no job, such as a summary, ends by its age.
  private boolean goesOn(String affinity) {
    Optional<UUID> job = job(affinity);
    try {
      return job.isEmpty() || !jobs.find(job.get()).status().isFinal();
    } catch (JobProblem.UnknownJob deleted) {
      return false;
    }
  }

  private static Optional<UUID> job(String affinity) {
    try {
      return Optional.of(UUID.fromString(affinity.split("/", 2)[0]));
    } catch (IllegalArgumentException ofNone) {
      return Optional.empty();
    }
  }

  @Override
  public void stop() {
    stopping.countDown();
  }

  @Override
  public boolean isRunning() {
    return stopping.getCount() > 0;
  }
}
