package dev.ponder.thinking;

import dev.ponder.engine.ScriptedEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A node as a process of its own, to be killed: the whole service with the scripted engine. Writes
/// its port into a file when it is ready.
public final class ScriptedNode {

  private ScriptedNode() {}

  /// @param arguments the file for the port, then settings
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var engine = new ScriptedEngine("scripted").writes(ScriptedTurns.briefly("13"));
    List<String> settings = Arrays.asList(arguments).subList(1, arguments.length);
    var service = new ScriptedService(settings, engine);
    Path file = Path.of(arguments[0]);
    Path draft = Path.of(arguments[0] + ".new");
    Files.writeString(draft, Integer.toString(service.port()));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    new CountDownLatch(1).await();
  }
}
