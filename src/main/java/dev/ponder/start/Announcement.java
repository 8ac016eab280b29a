package dev.ponder.start;

import dev.ponder.model.Models;
import dev.ponder.web.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// Says where this service answers: to a person, and in `<data>/service.json` from the moment it is
/// ready until it ends, so that the command line finds it without being told.
@Component
class Announcement {

  private static final Logger log = LoggerFactory.getLogger(Announcement.class);

  private final Path data;
  private final String address;
  private final String scheme;
  private final Models models;
  private int port;
  private @Nullable ServiceFile written;

  Announcement(
      @Value("${ponder.data:./data}") String data,
      @Value("${server.address:127.0.0.1}") String address,
      Environment environment,
      Models models) {
    this.data = Path.of(data);
    this.address = address;
    this.scheme = Tls.isOn(environment) ? "https" : "http";
    this.models = models;
  }

  @EventListener
  void listening(WebServerInitializedEvent event) {
    // The management server, where it has a port of its own, reports here too.
    if (!"management".equals(event.getApplicationContext().getServerNamespace())) {
      port = event.getWebServer().getPort();
    }
  }

  @EventListener
  void ready(ApplicationReadyEvent event) {
    if (port <= 0) {
      return;
    }
    ServiceFile service =
        new ServiceFile(
            ProcessHandle.current().pid(),
            URI.create(scheme + "://" + reachable(address) + ":" + port),
            Instant.ofEpochMilli(event.getTimestamp()));
    try {
      service.writeTo(data);
      written = service;
      greet(service.url());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write service.json into the data folder " + data + " (ponder.data).", e);
    }
  }

  private void greet(URI url) {
    log.info(
        "Ponder {} listens on {}, data in {}, model {}. Ctrl-C stops it; running jobs go on at the"
            + " next start.",
        Objects.requireNonNullElse(
            Announcement.class.getPackage().getImplementationVersion(), "(not packaged)"),
        url,
        data,
        models.defaultModel());
    log.info("Its API is described at {}/swagger-ui.html", url);
  }

  @EventListener(ContextClosedEvent.class)
  void closed() {
    if (written == null) {
      return;
    }
    try {
      written.removeFrom(data);
    } catch (IOException e) {
      log.warn("Cannot remove service.json from {}; clients notice that it is stale.", data, e);
    }
  }

  /// A service bound to every address is asked on loopback; an IPv6 address needs its brackets.
  private static String reachable(String address) {
    return switch (address) {
      case "0.0.0.0", "::", "0:0:0:0:0:0:0:0" -> "127.0.0.1";
      default -> address.contains(":") ? "[" + address + "]" : address;
    };
  }
}
