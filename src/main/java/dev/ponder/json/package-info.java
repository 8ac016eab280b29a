/// JSON that others send: how it is read without costing more than its bytes.
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ponder.json;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
