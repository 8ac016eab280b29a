package dev.ponder.thinking;

import dev.ponder.job.JobWithdrawn;
import dev.ponder.thinking.thought.LiveJob;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// The jobs that run on this node, at most `ponder.jobs.running-max`.
@Component
class RunningJobs {

  private final Map<UUID, LiveJob> jobs = new ConcurrentHashMap<>();

  /// The job as it runs here, if it does.
  Optional<LiveJob> find(UUID job) {
    return Optional.ofNullable(jobs.get(job));
  }

  Collection<LiveJob> all() {
    return jobs.values();
  }

  /// A run begins. One that this node still has of the same job has lost its lease to it.
  void add(LiveJob job) {
    LiveJob before = jobs.put(job.lease().job(), job);
    if (before != null) {
      before.stop(LiveJob.StopCause.REPLACED);
    }
  }

  void remove(LiveJob job) {
    jobs.remove(job.lease().job(), job);
  }

  @EventListener
  void stop(JobWithdrawn withdrawn) {
    find(withdrawn.job()).ifPresent(job -> job.stop(LiveJob.StopCause.WITHDRAWN));
  }
}
