/// What a node does now and then: the memory sweep, retention, tidying.
@ApplicationModule(
    allowedDependencies = {
      "audit",
      "compression",
      "engine",
      "job",
      "journal",
      "journal :: archive",
      "journal :: storage",
      "memory",
      "model",
      "routing",
      "thinking",
      "time"
    })
@NullMarked
package dev.ponder.housekeeping;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
