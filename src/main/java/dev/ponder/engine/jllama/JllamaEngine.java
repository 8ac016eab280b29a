package dev.ponder.engine.jllama;

import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.jllama.seat.Architectures;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.engine.llamaserver.LlamaServerEngine;
import dev.ponder.engine.llamaserver.ServerConnection;
import dev.ponder.engine.llamaserver.SupervisedEngine;
import dev.ponder.engine.llamaserver.Supervisor;
import dev.ponder.engine.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// A model that jllama holds in a seat.
public final class JllamaEngine extends SupervisedEngine {

  public JllamaEngine(JllamaModel model, SeatSettings settings) {
    this(model, settings, InstantSource.system());
  }

  public JllamaEngine(JllamaModel model, SeatSettings settings, InstantSource now) {
    super(
        model.name(),
        "seat",
        settings.startLimit(),
        now,
        (key, started) -> launch(model, settings, now, started));
  }

  private static Supervisor.Running launch(
      JllamaModel model, SeatSettings settings, InstantSource now, Consumer<ServerProcess> started)
      throws IOException {
    Architectures.check(GgufHeader.read(model.file()));
    SeatProcess process = SeatProcess.start(model, settings);
    started.accept(process);
    URI name = URI.create("http://seat-" + process.pid());
    LlamaServerEngine client =
        new LlamaServerEngine(
            ServerConnection.to(model.name(), name, null)
                .thinking(model.tags())
                .over(process.link()),
            SeatSettings.client(),
            now);
    // While the model loads, the client learns its own code.
    client.health();
    process.awaitReady();
    return new Supervisor.Running(process, client);
  }

  /// The process that holds the model, if one runs.
  public OptionalLong seatPid() {
    return processId();
  }
}
