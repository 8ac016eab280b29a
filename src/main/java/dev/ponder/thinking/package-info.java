/// Carries a job through its stages: dispatcher, run, the writing of a thought, what the thoughts
/// come to. Only [dev.ponder.thinking.machine.ThinkingMachine] knows
/// Spring Statemachine.
@ApplicationModule(
    allowedDependencies = {
      "budget",
      "compression",
      "engine",
      "engine :: text",
      "job",
      "journal",
      "journal :: archive",
      "journal :: storage",
      "memory",
      "model",
      "routing",
      "stage",
      "stage :: comparison",
      "time"
    })
@NullMarked
package dev.ponder.thinking;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
