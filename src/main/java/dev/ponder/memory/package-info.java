/// Thoughts kept, and recalled within a budget for the prompts of later stages.
@ApplicationModule(allowedDependencies = {"stage", "time"})
@NullMarked
package dev.ponder.memory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
