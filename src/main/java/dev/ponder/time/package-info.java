/// Deadlines, clocks and threads: the time in which work may take place, and how it ends there.
/// Pure Java: nothing here knows Spring, a database or a model.
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ponder.time;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
