package dev.ponder.cli.client;

import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.JobView;
import dev.ponder.cli.output.Progress;
import java.time.Duration;
import java.util.function.Supplier;

/// Follows one job until it ends, also across a restart of its service.
public final class JobWatch {

  private static final long POLL_MILLIS = 220;

  /// Long enough for somebody to start a killed service again by hand.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Progress progress;
  private final Supplier<ServiceClient> connect;
  private final Interruption interruption;
  private ServiceClient service;

  /// @param connect finds the service again after it stopped answering
  public JobWatch(
      ServiceClient service,
      Supplier<ServiceClient> connect,
      Progress progress,
      Interruption interruption) {
    this.service = service;
    this.connect = connect;
    this.progress = progress;
    this.interruption = interruption;
  }

  public JobView untilItEnds(String id) {
    JobView job = new JobView(service.get(ServiceClient.jobPath(id)));
    long reached = System.nanoTime();
    boolean lost = false;
    progress.show(job);
    while (!job.ended()) {
      interruption.pause(POLL_MILLIS);
      JobView changed = null;
      try {
        changed = service.changedJob(id).map(JobView::new).orElse(job);
      } catch (CommandFailed failed) {
        interruption.holdIfInterrupted();
        boolean patient = System.nanoTime() - reached < PATIENCE.toNanos();
        if (failed.exit() != Exit.NO_SERVICE || !patient) {
          throw failed;
        }
        if (!lost) {
          progress.note("The service does not answer; trying for " + PATIENCE.toSeconds() + " s.");
        }
        lost = true;
        service = reconnected(service);
      }
      if (changed != null) {
        job = changed;
        lost = false;
        reached = System.nanoTime();
        progress.show(job);
      }
    }
    progress.close();
    return job;
  }

  public ServiceClient service() {
    return service;
  }

  private ServiceClient reconnected(ServiceClient before) {
    ServiceClient now = connect.get();
    return now.base().equals(before.base()) ? before : now;
  }
}
