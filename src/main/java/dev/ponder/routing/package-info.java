/// Which model thinks in which pipeline, and which model comes next when one fails.
@ApplicationModule(allowedDependencies = {"engine", "job", "journal :: storage", "model", "stage"})
@NullMarked
package dev.ponder.routing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
