/// Where a job is accepted, followed and answered. Knows nothing of how the thinking is done.
@ApplicationModule(allowedDependencies = {"text", "time", "web"})
@NullMarked
package dev.ponder.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
