/// Texts of others, shown so that they are only read: on a terminal and in the log.
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ponder.text;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
