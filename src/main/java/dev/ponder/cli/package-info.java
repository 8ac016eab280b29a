/// The command line: a client of the public HTTP API. Client commands start no Spring context.
@ApplicationModule(
    allowedDependencies = {
      "audit",
      "engine :: http",
      "files",
      "model",
      "model :: store",
      "start",
      "text",
      "web",
      "web :: security"
    })
@NullMarked
package dev.ponder.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
