/// The five stages, the pipelines read from `stage-configs/`, and their prompt templates.
@ApplicationModule(allowedDependencies = {"text", "yaml"})
@NullMarked
package dev.ponder.stage;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
