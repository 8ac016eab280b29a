package dev.ponder.thinking;

import dev.ponder.job.JobLeases;
import dev.ponder.job.Lease;
import dev.ponder.job.LeaseSettings;
import dev.ponder.thinking.thought.LiveJob;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// Keeps the leases of this node's runs alive, and stops the runs that have lost theirs while the
/// node was frozen or cut off.
@Component
class Heartbeat {

  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

  private final String owner = UUID.randomUUID().toString();
  private final JobLeases leases;
  private final RunningJobs running;
  private final LeaseSettings settings;
  private final InstantSource time;
  private final Counter fenced;
  private volatile Instant lastBeat;

  Heartbeat(
      JobLeases leases,
      RunningJobs running,
      LeaseSettings settings,
      InstantSource time,
      MeterRegistry meters) {
    this.leases = leases;
    this.running = running;
    this.settings = settings;
    this.time = time;
    this.lastBeat = time.instant();
    this.fenced =
        Counter.builder("ponder.runs.fenced")
            .description("Runs whose job another owner has claimed; nothing they wrote was taken")
            .register(meters);
  }

  /// The name under which this node holds leases; each start of a service has another.
  String owner() {
    return owner;
  }

  /// Renews all leases, unless that was done less than a heartbeat ago. Whoever is about to claim
  /// comes here first: after a silence the leases of this node may have run out, and it would take
  /// its own jobs away from itself.
  ///
  /// @throws DataAccessException if the database cannot be reached
  void keep() {
    if (Duration.between(lastBeat, time.instant()).abs().compareTo(settings.heartbeat()) >= 0) {
      beat();
    }
  }

  /// Renews all leases now.
  ///
  /// @throws DataAccessException if the database cannot be reached
  void beat() {
    Instant now = time.instant();
    Map<Lease, LiveJob> held =
        running.all().stream().collect(Collectors.toMap(LiveJob::lease, Function.identity()));
    leases
        .renew(owner, held.keySet())
        .forEach(lost -> held.get(lost).stop(LiveJob.StopCause.REPLACED));
    held.values().forEach(job -> job.beat(now));
    lastBeat = now;
  }

  /// Counts a run that ended because it had lost its lease, if another owner has the job.
  void ended(Lease lost) {
    try {
      if (leases.isReplaced(lost)) {
        fenced.increment();
        log.warn(
            "Another owner has job {} since this one was silent for longer than {}"
                + " (ponder.lease.dead-after); this run has stopped, and nothing it wrote since was taken",
            lost.job(),
            settings.deadAfter());
      }
    } catch (DataAccessException e) {
      log.debug("Why the lease of job {} was lost cannot be read", lost.job(), e);
    }
  }
}
