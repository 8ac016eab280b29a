/// Summaries of thoughts, made by the model that thought them, and their check.
@ApplicationModule(
    allowedDependencies = {
      "budget",
      "engine",
      "engine :: text",
      "memory",
      "model",
      "stage",
      "time"
    })
@NullMarked
package dev.ponder.compression;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
