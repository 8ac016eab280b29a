/// Which model thinks in which pipeline, and which one comes next when it fails.
@ApplicationModule(allowedDependencies = {"engine", "job", "journal :: storage", "model", "stage"})
@NullMarked
package dev.ponder.routing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
