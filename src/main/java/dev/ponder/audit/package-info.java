/// Who did what: a line for each change, in a log of its own. Whatever changes something may write
/// one.
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.ponder.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
