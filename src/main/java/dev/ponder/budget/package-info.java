/// The limits a job lives under: tokens, and the governor that shares them out.
/// Pure Java: nothing here knows Spring, a database or a model.
@ApplicationModule(allowedDependencies = {"time"})
@NullMarked
package dev.ponder.budget;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
