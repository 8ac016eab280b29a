package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.GgufHeader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// A model that Ponder runs a llama-server for.
public final class ManagedLlamaServer extends SupervisedEngine {
  private static final Duration FIRST_LOOK = Duration.ofMillis(50);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

  /// @param client the limits of the client that talks to it
  public ManagedLlamaServer(
      ManagedModel model,
      ManagedServerSettings settings,
      LlamaServerSettings client,
      InstantSource now) {
    super(
        model.name(),
        "llama-server",
        new Supervisor.Limits(
            settings.startLimit(),
            settings.backoffFirst(),
            settings.backoffMax(),
            settings.steadyAfter()),
        now,
        (key, started) -> launch(model, settings, client, now, key, started));
  }

  private static Supervisor.Running launch(
      ManagedModel model,
      ManagedServerSettings settings,
      LlamaServerSettings limits,
      InstantSource now,
      String key,
      Consumer<ServerProcess> started)
      throws IOException {
    // The server says only that it failed; the header says why.
    GgufHeader.read(model.file());
    int port = freePort();
    ManagedProcess process = ManagedProcess.start(model, settings, port, key);
    started.accept(process);
    URI address = URI.create("http://127.0.0.1:" + port);
    LlamaServerEngine client =
        new LlamaServerEngine(model.name(), address, Optional.of(key), limits, now);
    try {
      awaitReady(process, client, settings.startLimit());
      // Somebody else's server on this port would not take our key.
      client.props();
      if (!process.alive()) {
        throw process.failedStart();
      }
      return new Supervisor.Running(process, client);
    } catch (EngineException e) {
      client.close();
      process.kill("it could not start");
      process.end();
      throw e;
    }
  }

  /// A port that is free now. Who takes it before the server does ends this start, not the next.
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static void awaitReady(ManagedProcess process, LlamaServerEngine client, Duration limit) {
    Duration look = FIRST_LOOK;
    while (client.health().state() != State.READY) {
      if (process.endsWithin(look)) {
        throw process.failedStart();
      }
      if (process.age().compareTo(limit) > 0) {
        process.kill("it was not ready after %,d ms, the limit".formatted(limit.toMillis()));
        throw new EngineException.Unavailable(process.fate(), null);
      }
      look = look.multipliedBy(2).compareTo(LONGEST_LOOK) < 0 ? look.multipliedBy(2) : LONGEST_LOOK;
    }
  }
}
