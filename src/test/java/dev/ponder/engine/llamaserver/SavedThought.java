package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Written;
import dev.ponder.engine.llamaserver.Kept.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A thought on a real llama-server that saves it on the way; the server can be killed in the
/// middle.
abstract class SavedThought {
  static final int CUT = 60;

  @TempDir Path temp;

  Path slots;
  Path folder;
  LocalServer server;
  LlamaServerEngine engine;
  Part whole;

  @BeforeEach
  void begin() throws IOException {
    slots = Files.createDirectory(temp.resolve("slots"));
    folder = temp.resolve("kept");
    server = LocalServer.with(2, "--slot-save-path", slots.toString());
    try (LlamaServerEngine plain = server.engine()) {
      whole = Kept.whole(plain, Written.NOTHING);
    }
    use(Kept.store(folder, slots));
  }

  void use(SnapshotStore store) {
    if (engine != null) {
      engine.close();
    }
    engine = server.engine(store);
  }

  @AfterEach
  void end() {
    engine.close();
    server.close();
  }

  /// The beginning of the thought; then the server is killed and started anew, and Ponder too.
  Part killedInTheMiddle() {
    Part start = Kept.part(engine, Kept.greedy(Written.NOTHING), CUT);
    server.kill();
    server.start();
    return start;
  }

  Part goOn(Part start) {
    use(Kept.store(folder, slots));
    return Kept.whole(engine, start.written());
  }

  void assertTheThoughtIsWhole(Part start, Part rest) {
    assertThat(start.text() + rest.text()).isEqualTo(whole.text());
    assertThat(rest.end().usage().written())
        .isEqualTo(rest.pieces().stream().mapToInt(it -> it.tokens()).sum());
  }
}
