/// The port to a model: what turns a conversation into tokens, what it can do and how it fails.
/// One adapter per sub-package; only [dev.ponder.engine.resilience.ResilientEngine] knows
/// Resilience4j.
@ApplicationModule(allowedDependencies = {"audit", "budget", "files", "json", "log", "time"})
@NullMarked
package dev.ponder.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
