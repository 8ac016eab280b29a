/// The limits a job lives under: its deadline, its tokens, the governor that shares them out, and
/// how its threads wait.
/// Pure Java: nothing here knows Spring, a database or a model.
@ApplicationModule(allowedDependencies = {"time"})
@NullMarked
package dev.ponder.budget;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
