package dev.ponder.cli;

import dev.ponder.model.Models;
import java.net.URI;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// What a service says of itself when it is ready.
@Component
class Greeting {

  private static final Logger log = LoggerFactory.getLogger(Greeting.class);

  private final Models models;

  Greeting(Models models) {
    this.models = models;
  }

  void say(URI url, Path data) {
    log.info(
        "Ponder {} listens on {}, data in {}, model {}. Ctrl-C stops it; running jobs go on at the"
            + " next start.",
        VersionCommand.version(),
        url,
        data,
        models.defaultModel());
    log.info("Its API is described at {}/swagger-ui.html", url);
  }
}
