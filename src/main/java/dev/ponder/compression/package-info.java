/// Summaries of thoughts by the model, made when no stage needs it for thinking.
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
