package dev.ponder.thinking;

import dev.ponder.job.JobWithdrawn;
import dev.ponder.model.Models;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// Has engines forget the thoughts of a job that will not go on, also if it does not run now: a
/// paused one may have left something behind.
@Component
class WithdrawnThoughts {

  private final Models models;

  WithdrawnThoughts(Models models) {
    this.models = models;
  }

  @EventListener
  void forget(JobWithdrawn withdrawn) {
    models.forget(withdrawn.job().toString());
  }
}
