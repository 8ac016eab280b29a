package dev.ponder.engine.jllama;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.GgufHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The process that holds one loaded model. Ponder starts it and talks to it over loopback; it ends
/// when its standard input ends, so it never outlives the Ponder that started it.
///
/// On standard output it says, a line each: `seat port N`, then `seat ready` or `seat unusable`
/// with the reason, then `seat beat N` in regular intervals, N being the milliseconds for which the
/// native engine has owed a result.
public final class Seat {
  static final String PORT = "seat port ";
  static final String READY = "seat ready";
  static final String UNUSABLE = "seat unusable ";
  static final String BEAT = "seat beat ";

  private static final int TOKEN_MAX = 200;
  private static final long END_MILLIS = 2_000;

  private final PrintStream parent;
  private final CountDownLatch parentGone = new CountDownLatch(1);

  /// Never counted down: when all is in order, the process ends before it is waited for.
  private final CountDownLatch over = new CountDownLatch(1);

  private Seat(PrintStream parent) {
    this.parent = parent;
  }

  /// Runs a seat until its parent is gone; then ends the process.
  public static void main(String[] args) {
    PrintStream parent = System.out;
    // The library prints on standard output when it unpacks itself; only our lines belong there.
    System.setOut(System.err);
    int status = 1;
    try {
      status = new Seat(parent).run(SeatOptions.parse(args));
    } catch (IllegalArgumentException | IllegalStateException | IOException e) {
      System.err.println("The seat cannot start: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.exit(status);
  }

  private int run(SeatOptions options) throws IOException, InterruptedException {
    String token = line(System.in);
    watchParent();
    // Loading goes on beside the start of the server, and beside the client's first connection.
    FutureTask<@Nullable SeatModel> loading = new FutureTask<>(() -> load(options));
    new Thread(null, loading, "load", SeatServer.THREAD_STACK).start();
    SeatServer server = new SeatServer(options, token);
    say(PORT + server.start());
    SeatModel model = loaded(loading);
    removeLibraryFolder();
    if (model == null) {
      return 3;
    }
    server.serve(model);
    say(READY);
    while (!parentGone.await(options.heartbeatMillis(), TimeUnit.MILLISECONDS)) {
      say(BEAT + model.owedMillis());
    }
    server.stop(END_MILLIS);
    model.close();
    return 0;
  }

  private static @Nullable SeatModel loaded(FutureTask<@Nullable SeatModel> loading)
      throws InterruptedException {
    try {
      return loading.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("loading broke off: " + e.getCause(), e);
    }
  }

  private @Nullable SeatModel load(SeatOptions options) {
    try {
      GgufHeader header = GgufHeader.read(options.model().file());
      Architectures.check(header);
      header.requireUnchanged();
      SeatModel model = SeatModel.load(options.model(), header);
      header.requireUnchanged();
      return model;
    } catch (EngineException.Unusable e) {
      say(UNUSABLE + e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      String why = String.valueOf(e.getMessage()).replace('\n', ' ');
      say(
          UNUSABLE
              + "The model file %s cannot be loaded by jllama with a context of %,d tokens for each of %d sequences: %s. Try a smaller context, or serve the model with llama-server."
                  .formatted(
                      options.model().file(),
                      options.model().contextTokens(),
                      options.model().sequences(),
                      why));
    }
    return null;
  }

  private synchronized void say(String line) {
    parent.println(line);
    parent.flush();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int next;
    while ((next = in.read()) >= 0 && next != '\n' && line.length() < TOKEN_MAX) {
      line.append((char) next);
    }
    if (line.isEmpty()) {
      throw new IOException("no token came on standard input");
    }
    return line.toString();
  }

  private void watchParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nothing is ever sent; only the end counts.
                }
              } catch (IOException e) {
                // As good as the end.
              }
              parentGone.countDown();
              endAtLast();
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  /// A model that is still loading, or an engine that hangs, does not keep the seat alive.
  private void endAtLast() {
    try {
      if (!over.await(2 * END_MILLIS, TimeUnit.MILLISECONDS)) {
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  /// The library is loaded, so its file can go. Where open files cannot be deleted, Ponder removes
  /// the folder after the seat has ended.
  private static void removeLibraryFolder() {
    String folder = System.getProperty(SeatCommand.LIBRARY_FOLDER);
    if (folder == null) {
      return;
    }
    Path path = Path.of(folder);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      System.err.println("The folder %s stays until the seat ends: %s".formatted(folder, e));
    }
  }
}
