/// The command line: a client of the public HTTP API. Client commands start no Spring context.
@ApplicationModule
@NullMarked
package dev.ponder.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
