/// HTTP that knows no domain.
@ApplicationModule(allowedDependencies = "audit")
@NullMarked
package dev.ponder.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
