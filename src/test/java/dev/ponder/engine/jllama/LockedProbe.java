package dev.ponder.engine.jllama;

import dev.ponder.engine.jllama.seat.Lockdown;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process that locks itself down and then tries what it must not.
public final class LockedProbe {
  private LockedProbe() {}

  private interface Attempt {
    Object run() throws Exception;
  }

  /// @param args a port that somebody listens on, a folder, a process that may be ended
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    Path folder = Path.of(args[1]);
    ProcessHandle other = ProcessHandle.of(Long.parseLong(args[2])).orElseThrow();
    Path allowed = folder.resolve("allowed");
    Path secret = folder.resolve("secret");
    Lockdown lockdown = Lockdown.here();
    List<Path> readable = new ArrayList<>(List.of(allowed));
    readable.add(Path.of(System.getProperty("java.home")));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      readable.add(Path.of(entry));
    }
    System.out.println("SAYS " + lockdown.lock(readable));
    // As the threads of a seat, it begins when all is locked.
    Thread after =
        new Thread(
            () -> {
              attempt("connect", () -> new Socket(InetAddress.getLoopbackAddress(), port));
              attempt("listen", () -> new ServerSocket(0));
              attempt("unix", () -> SocketChannel.open(StandardProtocolFamily.UNIX));
              attempt("program", () -> new ProcessBuilder("/bin/true").start().waitFor());
              attempt("write", () -> Files.writeString(folder.resolve("new"), "x"));
              attempt("overwrite", () -> Files.writeString(secret, "x"));
              attempt("delete", () -> Files.deleteIfExists(secret));
              attempt("move", () -> Files.move(secret, folder.resolve("moved")));
              attempt("signal", other::destroyForcibly);
              attempt("secret", () -> Files.readString(secret));
              attempt(
                  "environment",
                  () -> Files.readAllBytes(Path.of("/proc/" + args[2] + "/environ")));
              attempt("allowed", () -> Files.readString(allowed));
              attempt("thread", () -> thread());
            });
    after.start();
    after.join();
  }

  private static Object thread() throws InterruptedException {
    Thread other = new Thread(() -> {});
    other.start();
    other.join();
    return "ran";
  }

  private static void attempt(String what, Attempt attempt) {
    try {
      Object result = attempt.run();
      System.out.println((Boolean.FALSE.equals(result) ? "DENIED " : "DONE ") + what);
    } catch (Exception | LinkageError e) {
      System.out.println("DENIED " + what + " " + e);
    }
  }
}
