/// What a log may say: nothing of prompts, thoughts and answers, unless the operator wants it.
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ponder.log;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
