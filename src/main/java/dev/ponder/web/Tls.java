package dev.ponder.web;

import java.util.stream.Stream;
import org.springframework.core.env.Environment;

/// Whether the service speaks TLS itself.
public final class Tls {

  private Tls() {}

  /// By the settings, as Spring Boot decides it.
  public static boolean isOn(Environment environment) {
    return environment.getProperty("server.ssl.enabled", Boolean.class, true)
        && Stream.of("bundle", "certificate", "key-store")
            .anyMatch(name -> environment.getProperty("server.ssl." + name) != null);
  }
}
