package dev.ponder.thinking;

import dev.ponder.job.Claim;
import dev.ponder.job.Job;
import dev.ponder.job.JobAccepted;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobLeases;
import dev.ponder.job.JobProblem;
import dev.ponder.job.JobSettings;
import dev.ponder.job.Lease;
import dev.ponder.job.LeaseLost;
import dev.ponder.job.LeaseSettings;
import dev.ponder.job.Signal;
import dev.ponder.journal.JobJournal;
import dev.ponder.journal.Journals;
import dev.ponder.model.Models;
import dev.ponder.routing.PinnedPipelines;
import dev.ponder.thinking.machine.ThinkingMachine;
import dev.ponder.thinking.thought.LiveJob;
import dev.ponder.thinking.thought.Mistake;
import dev.ponder.thinking.thought.RunStopped;
import dev.ponder.time.Threads;
import dev.ponder.time.WorkScope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Claims waiting jobs and starts a run for each, as many at a time as `ponder.jobs.running-max`
/// says, not counting those
/// that wait for an engine. Woken when a job is accepted; looks by itself every
/// `ponder.lease.poll`, for jobs whose owner died and paused ones whose deadline is near.
@Component
class Dispatcher implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private final JobLeases leases;
  private final RunningJobs running;
  private final Heartbeat heartbeat;
  private final JobCommands jobs;
  private final Journals journals;
  private final PinnedPipelines pipelines;
  private final Models models;
  private final StageRunner stages;
  private final ThinkingSettings settings;
  private final LeaseSettings leaseSettings;
  private final EmbeddedDatabase database;
  private final Threads threads;
  private final InstantSource time;
  private final AwayEngines engines;
  private final Semaphore wake = new Semaphore(0);
  private final Places places;
  private volatile boolean started;
  private volatile CountDownLatch stopping = new CountDownLatch(1);
  private volatile CountDownLatch ended = new CountDownLatch(0);

  Dispatcher(
      JobLeases leases,
      RunningJobs running,
      Heartbeat heartbeat,
      JobCommands jobs,
      Journals journals,
      PinnedPipelines pipelines,
      Models models,
      StageRunner stages,
      ThinkingSettings settings,
      LeaseSettings leaseSettings,
      JobSettings jobSettings,
      EmbeddedDatabase database,
      AwayEngines engines,
      Threads threads,
      InstantSource time) {
    this.leases = leases;
    this.running = running;
    this.heartbeat = heartbeat;
    this.jobs = jobs;
    this.journals = journals;
    this.pipelines = pipelines;
    this.models = models;
    this.stages = stages;
    this.settings = settings;
    this.leaseSettings = leaseSettings;
    this.database = database;
    this.threads = threads;
    this.time = time;
    this.engines = engines;
    this.places = new Places(jobSettings.runningMax(), wake::release);
  }

  @EventListener
  void wake(JobAccepted accepted) {
    wake.release();
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
    stopping = new CountDownLatch(1);
    var both = new CountDownLatch(2);
    ended = both;
    startLoop("dispatcher", this::dispatch, both);
    startLoop("heartbeat", this::beat, both);
  }

  private void startLoop(String name, Runnable loop, CountDownLatch ended) {
    threads.startService(
        name,
        () -> {
          try {
            loop.run();
          } finally {
            ended.countDown();
          }
        });
  }

  private void dispatch() {
    boolean reached = true;
    while (started) {
      try {
        heartbeat.keep();
        claimAll();
        claimLate();
        reached = true;
        threads.acquire(wake, 1, leaseSettings.poll());
        wake.drainPermits();
      } catch (InterruptedException e) {
        return;
      } catch (DataAccessException | TransactionException away) {
        if (reached) {
          log.warn(
              "The queue cannot be read until the database is back: {}",
              NestedExceptionUtils.getMostSpecificCause(away).getMessage());
        }
        reached = false;
        stopsWithin(leaseSettings.poll());
      } catch (RuntimeException | Error e) {
        // Whatever it was, without this thread no job would ever be claimed again.
        log.error("The queue cannot be read now; the next look is in {}", leaseSettings.poll(), e);
        stopsWithin(leaseSettings.poll());
      }
    }
  }

  private void claimAll() {
    while (started) {
      int free = places.takeFree();
      List<Claim> claimed = List.of();
      try {
        claimed =
            free == 0 ? List.of() : leases.claim(heartbeat.owner(), free, settings.answerWithin());
      } finally {
        places.giveBack(free - claimed.size());
      }
      begin(claimed, false);
      if (claimed.isEmpty()) {
        return;
      }
    }
  }

  /// Places keep engines from being asked for too much at a time. They do not keep a job from its
  /// answer: when its deadline comes, it is answered without one, from what there is.
  private void claimLate() {
    if (!started || places.anyFree()) {
      return;
    }
    Duration late = settings.margin().plus(leaseSettings.poll().multipliedBy(2));
    int free = places.takeLate();
    List<Claim> claimed = List.of();
    try {
      claimed = free == 0 ? claimed : leases.claimLate(heartbeat.owner(), free, late);
    } finally {
      places.giveBackLate(free - claimed.size());
    }
    begin(claimed, true);
  }

  /// @param late whether they have places beside those of the others
  private void begin(List<Claim> claimed, boolean late) {
    claimed.forEach(claim -> threads.start("job-" + claim.lease().job(), () -> run(claim, late)));
  }

  private void run(Claim claim, boolean late) {
    Lease lease = claim.lease();
    var live = new LiveJob(lease, WorkScope.endless(threads, time), time.instant());
    var place = places.of(live.bell(), late);
    running.add(live);
    try {
      if (started) {
        carry(jobs.find(lease.job()), lease, live, place);
      } else {
        leases.held(lease).release();
      }
    } catch (JobProblem.UnknownJob deleted) {
      log.debug("{}", deleted.getMessage());
    } catch (LeaseLost lost) {
      log.debug("{}", lost.getMessage());
      heartbeat.ended(lease);
    } catch (DataAccessException | TransactionException away) {
      log.warn(
          "The run of job {} has ended because the database is away; it is taken up again",
          lease.job());
      log.debug("What the database said", away);
    } catch (RuntimeException | Error e) {
      log.error("The run of job {} ended without an end; it is taken up again", lease.job(), e);
    } finally {
      running.remove(live);
      place.close();
    }
  }

  private void carry(Job job, Lease lease, LiveJob live, Places.Place place) {
    var history = journals.history(job.id());
    var journal = journals.open(lease, history, () -> live.stopped().isPresent());
    var machine = ThinkingMachine.at(job.phase());
    try {
      var pipeline = pipelines.pinned(job.pipelineHash());
      var context =
          new RunContext(job, pipeline, models, journal, live, history, settings.margin());
      var engine = new EngineWait(engines, threads, time, context, place);
      try {
        new ThinkingRun(
                context, machine, engine, () -> journals.history(job.id()), stages, settings, time)
            .carryOn();
      } finally {
        engine.end();
      }
    } catch (RunStopped stopped) {
      switch (stopped.why()) {
        case SHUTDOWN -> journal.release();
        case REPLACED -> heartbeat.ended(lease);
        case WITHDRAWN -> log.debug("Job {} was withdrawn", job.id());
      }
    } catch (LeaseLost | DataAccessException | TransactionException lost) {
      // What the database did not take is not lost for good: the lease runs out, and the job
      // goes on from what it has taken.
      throw lost;
    } catch (RuntimeException | Error mistake) {
      if (Mistake.endsTheProcess(mistake)) {
        throw mistake;
      }
      endAfter(mistake, job, machine, journal);
    }
  }

  /// Pauses the job, so that a mended Ponder can go on with it; but a job that would be claimed
  /// again at once, because its deadline is near, is over.
  private void endAfter(Throwable mistake, Job job, ThinkingMachine machine, JobJournal journal) {
    String because = Mistake.told("the run of job " + job.id(), mistake);
    if (job.deadline().before(settings.answerWithin()).passed(time)) {
      machine.fire(Signal.FAIL, row -> journal.fail(because));
    } else {
      machine.fire(Signal.PAUSE, row -> journal.pause(because));
    }
  }

  private void beat() {
    boolean renewed = true;
    while (!stopsWithin(leaseSettings.heartbeat())) {
      try {
        heartbeat.beat();
        renewed = true;
      } catch (RuntimeException e) {
        if (renewed) {
          log.warn(
              "The leases of {} jobs cannot be renewed: {}",
              running.all().size(),
              NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        }
        renewed = false;
      }
    }
  }

  /// Whether the service stops before this time is over.
  private boolean stopsWithin(Duration time) {
    try {
      return threads.await(stopping, time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void stop() {
    started = false;
    wake.release();
    stopping.countDown();
    running.all().forEach(job -> job.stop(LiveJob.StopCause.SHUTDOWN));
    try {
      // Never interrupted: H2 closes its file under a thread that is interrupted while it writes.
      threads.await(ended, settings.stopWithin());
      // Every run ends when what it had written is durable.
      if (threads.acquire(places.runs(), places.most(), settings.stopWithin())) {
        places.runs().release(places.most());
      } else {
        log.warn(
            "{} jobs did not stop within {}; they go on from their last chunk",
            running.all().size(),
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
