package dev.ponder.thinking;

import dev.ponder.checkpoint.JobJournal;
import dev.ponder.checkpoint.Journals;
import dev.ponder.job.Job;
import dev.ponder.job.JobAccepted;
import dev.ponder.job.JobDesk;
import dev.ponder.job.JobLeases;
import dev.ponder.job.JobSettings;
import dev.ponder.job.JobWithdrawn;
import dev.ponder.job.Lease;
import dev.ponder.job.LeaseLost;
import dev.ponder.job.LeaseSettings;
import dev.ponder.model.Models;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Claims waiting jobs and starts a run for each, as many at a time as `ponder.jobs.running-max`
/// says. Woken when a job is accepted; looks by itself every `ponder.lease.poll`, for jobs whose
/// owner died and paused ones whose deadline is near.
@Component
class Dispatcher implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private final String owner = UUID.randomUUID().toString();
  private final JobLeases leases;
  private final JobDesk jobs;
  private final Journals journals;
  private final PinnedPipelines pipelines;
  private final Models models;
  private final StageRunner stages;
  private final ThinkingSettings settings;
  private final LeaseSettings leaseSettings;
  private final EmbeddedDatabase database;
  private final InstantSource time;
  private final int runningMax;
  private final Semaphore free;
  private final Semaphore wake = new Semaphore(0);
  private final Map<UUID, LiveJob> running = new ConcurrentHashMap<>();
  private volatile boolean started;

  Dispatcher(
      JobLeases leases,
      JobDesk jobs,
      Journals journals,
      PinnedPipelines pipelines,
      Models models,
      StageRunner stages,
      ThinkingSettings settings,
      LeaseSettings leaseSettings,
      JobSettings jobSettings,
      EmbeddedDatabase database,
      InstantSource time) {
    this.leases = leases;
    this.jobs = jobs;
    this.journals = journals;
    this.pipelines = pipelines;
    this.models = models;
    this.stages = stages;
    this.settings = settings;
    this.leaseSettings = leaseSettings;
    this.database = database;
    this.time = time;
    this.runningMax = jobSettings.runningMax();
    this.free = new Semaphore(runningMax);
  }

  /// The job as it runs here, if it does.
  Optional<LiveJob> live(UUID job) {
    return Optional.ofNullable(running.get(job));
  }

  @EventListener
  void wake(JobAccepted accepted) {
    wake.release();
  }

  @EventListener
  void stop(JobWithdrawn withdrawn) {
    live(withdrawn.job()).ifPresent(job -> job.stop(LiveJob.StopCause.WITHDRAWN));
  }

  @Override
  public void start() {
    started = true;
    if (database.isLockedByThisProcess()) {
      int found = leases.endAll();
      if (found > 0) {
        log.info(
            found == 1
                ? "1 job was running when the service stopped; it goes on"
                : "{} jobs were running when the service stopped; they go on",
            found);
      }
    }
    Thread.ofPlatform().daemon().name("dispatcher").start(this::dispatch);
    Thread.ofPlatform().daemon().name("heartbeat").start(this::heartbeat);
  }

  private void dispatch() {
    while (started) {
      try {
        claimAll();
        wake.tryAcquire(leaseSettings.poll().toMillis(), TimeUnit.MILLISECONDS);
        wake.drainPermits();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        // Whatever it was, without this thread no job would ever be claimed again.
        log.warn("The queue cannot be read now; the next look is in {}", leaseSettings.poll(), e);
        if (!waited()) {
          return;
        }
      }
    }
  }

  private void claimAll() {
    while (started) {
      int places = free.drainPermits();
      List<Lease> claimed = List.of();
      try {
        claimed = places == 0 ? List.of() : leases.claim(owner, places, settings.answerWithin());
      } finally {
        free.release(places - claimed.size());
      }
      claimed.forEach(
          lease -> Thread.ofVirtual().name("job-" + lease.job()).start(() -> run(lease)));
      if (claimed.isEmpty()) {
        return;
      }
    }
  }

  private void run(Lease lease) {
    var live = new LiveJob(time.instant());
    running.put(lease.job(), live);
    try {
      if (!started) {
        throw new RunStopped(LiveJob.StopCause.SHUTDOWN);
      }
      carry(jobs.find(lease.job()), lease, live);
    } catch (LeaseLost lost) {
      log.debug("{}", lost.getMessage());
    } catch (RuntimeException e) {
      log.error("The run of job {} ended without an end; it is taken up again", lease.job(), e);
    } finally {
      running.remove(lease.job(), live);
      free.release();
      wake.release();
    }
  }

  private void carry(Job job, Lease lease, LiveJob live) {
    var history = journals.history(job.id());
    var journal = journals.open(lease, history);
    try {
      var pipeline = pipelines.pinned(job.pipelineHash());
      var context = new RunContext(job, pipeline, models, journal, live, history);
      new ThinkingRun(context, stages, settings, time).carryOn();
    } catch (RunStopped stopped) {
      if (stopped.why() == LiveJob.StopCause.SHUTDOWN) {
        journal.release();
      }
    } catch (LeaseLost | DataAccessException lost) {
      // What the database did not take is not lost for good: the lease runs out, and the job goes
      // on
      // from what it has taken.
      throw lost;
    } catch (RuntimeException mistake) {
      log.error("The run of job {} met a mistake in Ponder", job.id(), mistake);
      endAfter(mistake, job, journal);
    }
  }

  /// Pauses the job, so that a mended Ponder can go on with it; but a job that would be claimed
  /// again at once, because its deadline is near, is over.
  private void endAfter(RuntimeException mistake, Job job, JobJournal journal) {
    String because =
        "A mistake in Ponder stopped the run (%s). The service's log has it.".formatted(mistake);
    if (job.deadline().before(settings.answerWithin()).passed(time)) {
      journal.fail(because);
    } else {
      journal.pause(because);
    }
  }

  private void heartbeat() {
    while (started) {
      if (!waitFor(leaseSettings.heartbeat().toMillis())) {
        return;
      }
      try {
        leases.renew(owner, Set.copyOf(running.keySet()));
        running.values().forEach(job -> job.beat(time.instant()));
      } catch (RuntimeException e) {
        log.warn("The leases of {} jobs could not be renewed: {}", running.size(), e.toString());
      }
    }
  }

  private boolean waited() {
    return waitFor(leaseSettings.poll().toMillis());
  }

  private static boolean waitFor(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void stop() {
    started = false;
    wake.release();
    running.values().forEach(job -> job.stop(LiveJob.StopCause.SHUTDOWN));
    try {
      // Every run gives its place back when what it had written is durable.
      if (!free.tryAcquire(runningMax, settings.stopWithin().toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn(
            "{} jobs did not stop within {}; they go on from their last chunk",
            running.size(),
            settings.stopWithin());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return started;
  }
}
