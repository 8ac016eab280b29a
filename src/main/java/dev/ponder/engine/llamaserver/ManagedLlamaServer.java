package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.process.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A model that Ponder runs a llama-server for.
public final class ManagedLlamaServer extends SupervisedEngine {
  private static final Duration FIRST_LOOK = Duration.ofMillis(50);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

  private final @Nullable SnapshotStore store;

  /// Keeps nothing of its thoughts.
  ///
  /// @param client the limits of the client that talks to it
  public ManagedLlamaServer(
      ManagedModel model,
      ManagedServerSettings settings,
      LlamaServerSettings client,
      InstantSource now) {
    this(model, settings, client, null, now);
  }

  /// @param store where snapshots of its thoughts are kept
  public ManagedLlamaServer(
      ManagedModel model,
      ManagedServerSettings settings,
      LlamaServerSettings client,
      @Nullable SnapshotStore store,
      InstantSource now) {
    super(
        model.name(),
        "llama-server",
        settings.startLimit(),
        now,
        (key, started) -> launch(model, beside(settings, store), client, store, now, key, started));
    this.store = store;
  }

  /// Snapshots are large: on one file system they are moved instead of copied.
  private static ManagedServerSettings beside(
      ManagedServerSettings settings, @Nullable SnapshotStore store) {
    return store == null || !store.usable() || settings.folder() != null
        ? settings
        : settings.withFolder(store.folder());
  }

  /// Also while there is no process.
  @Override
  public void forget(String affinity) {
    if (store != null) {
      store.forget(affinity);
    }
    super.forget(affinity);
  }

  private static Supervisor.Running launch(
      ManagedModel model,
      ManagedServerSettings settings,
      LlamaServerSettings limits,
      @Nullable SnapshotStore store,
      InstantSource now,
      String key,
      Consumer<ServerProcess> started)
      throws IOException {
    // The server says only that it failed; the header says why.
    GgufHeader header = GgufHeader.read(model.file());
    int port = freePort();
    ManagedProcess process = ManagedProcess.start(model, settings, port, key);
    started.accept(process);
    URI address = URI.create("http://127.0.0.1:" + port);
    ServerPlace place =
        new ServerPlace(
            false, process.folder(), model.file().toAbsolutePath(), model.options(), store);
    LlamaServerEngine client =
        new LlamaServerEngine(
            ServerConnection.to(model.name(), address, ApiKey.of(key))
                .at(place)
                .thinking(model.tags()),
            limits,
            now);
    try {
      awaitReady(process, client, settings.startLimit());
      // Somebody else's server on this port would not take our key.
      client.props();
      if (!process.alive()) {
        throw process.failedStart();
      }
      header.requireUnchanged();
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
