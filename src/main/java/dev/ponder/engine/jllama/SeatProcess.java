package dev.ponder.engine.jllama;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.llamaserver.LastWords;
import dev.ponder.engine.llamaserver.ServerProcess;
import dev.ponder.files.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One seat as its parent sees it: its life from start to end, its heartbeat, its last words.
final class SeatProcess implements ServerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(SeatProcess.class);

  private final String model;
  private final SeatSettings settings;
  private final Process process;
  private final Path folder;
  private final long startedAt = System.nanoTime();
  private final CompletableFuture<Integer> listening = new CompletableFuture<>();
  private final CompletableFuture<Integer> ready = new CompletableFuture<>();
  private final LastWords words;
  private volatile long lastBeat = System.nanoTime();
  private volatile long owedMillis;
  private volatile @Nullable String killedBecause;

  private SeatProcess(String model, SeatSettings settings, Process process, Path folder) {
    this.model = model;
    this.settings = settings;
    this.process = process;
    this.folder = folder;
    this.words = new LastWords("Seat of model " + model, settings.messagesKept());
  }

  /// Starts a seat; it is of use after [#awaitReady].
  static SeatProcess start(JllamaModel model, SeatSettings settings, String token)
      throws IOException {
    Path parent = settings.folder();
    Path folder =
        parent == null
            ? Files.createTempDirectory("ponder-seat-")
            : Files.createTempDirectory(PrivateFiles.folder(parent), "ponder-seat-");
    SeatOptions options =
        new SeatOptions(model, settings.waitingMax(), settings.heartbeat().toMillis());
    try {
      Process process = SeatCommand.of(options, settings, folder).start();
      SeatProcess seat = new SeatProcess(model.name(), settings, process, folder);
      seat.begin(token);
      return seat;
    } catch (IOException e) {
      remove(folder);
      throw e;
    }
  }

  private void begin(String token) throws IOException {
    daemon("out", () -> LastWords.eachLine(process.getInputStream(), this::hear));
    daemon("err", () -> LastWords.eachLine(process.getErrorStream(), words::add));
    daemon("watch", this::watch);
    try {
      OutputStream in = process.getOutputStream();
      in.write((token + "\n").getBytes(StandardCharsets.US_ASCII));
      in.flush();
    } catch (IOException e) {
      kill("it could not be given its token");
      throw e;
    }
  }

  private void daemon(String what, Runnable task) {
    Thread.ofPlatform().daemon().name("seat-" + model + "-" + what).start(task);
  }

  private void hear(String line) {
    lastBeat = System.nanoTime();
    if (line.startsWith(Seat.PORT)) {
      listening.complete(Integer.parseInt(line.substring(Seat.PORT.length())));
    } else if (line.equals(Seat.READY)) {
      ready.complete(listening.getNow(0));
    } else if (line.startsWith(Seat.UNUSABLE)) {
      ready.completeExceptionally(
          new EngineException.Unusable(line.substring(Seat.UNUSABLE.length()), null));
    } else if (line.startsWith(Seat.BEAT)) {
      owedMillis = Long.parseLong(line.substring(Seat.BEAT.length()));
    }
  }

  /// Notices that the seat has ended, is silent, or owes results; runs until it has ended.
  private void watch() {
    int strikes = 0;
    try {
      while (!process.waitFor(settings.heartbeat().toMillis(), TimeUnit.MILLISECONDS)) {
        String trouble = ready.isDone() ? trouble() : null;
        // Twice in a row: when this process itself was stopped for a while, the first look finds
        // an old heartbeat, and by the second one the newer ones have been read.
        strikes = trouble == null ? 0 : strikes + 1;
        if (trouble != null && strikes > 1) {
          kill(trouble);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    remove(folder);
    EngineException why = new EngineException.Unavailable(fate(), null);
    listening.completeExceptionally(why);
    ready.completeExceptionally(why);
    // A seat that ended because it was asked to is no news.
    boolean asked = !process.isAlive() && process.exitValue() == 0;
    LOG.atLevel(asked ? Level.DEBUG : Level.INFO).log("{}", fate());
  }

  private @Nullable String trouble() {
    long silence = (System.nanoTime() - lastBeat) / 1_000_000;
    if (silence > settings.silenceLimit().toMillis()) {
      return "it was silent for %,d ms and the limit is %,d"
          .formatted(silence, settings.silenceLimit().toMillis());
    }
    if (owedMillis > settings.stallLimit().toMillis()) {
      return "its engine brought no result for %,d ms and the limit is %,d"
          .formatted(owedMillis, settings.stallLimit().toMillis());
    }
    return null;
  }

  /// Waits until it can be asked whether it is ready.
  ///
  /// @return the port it listens on
  int awaitPort() {
    return await(listening);
  }

  /// Waits until the model is loaded.
  void awaitReady() {
    await(ready);
  }

  private int await(CompletableFuture<Integer> what) {
    Duration limit = settings.startLimit();
    try {
      return what.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      kill("it was not ready after %,d ms, the limit".formatted(limit.toMillis()));
      throw new EngineException.Unavailable(fate(), e);
    } catch (ExecutionException e) {
      kill("it could not start");
      if (e.getCause() instanceof EngineException known) {
        throw known;
      }
      throw new EngineException.Unavailable(fate(), e);
    } catch (InterruptedException e) {
      kill("the one who waited for it was interrupted");
      Thread.currentThread().interrupt();
      throw new EngineException.Unavailable(fate(), e);
    }
  }

  @Override
  public boolean alive() {
    return process.isAlive();
  }

  @Override
  public boolean endsWithin(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  @Override
  public String fate() {
    String why = killedBecause;
    String end =
        why != null
            ? "was ended because " + why
            : process.isAlive() ? "is running" : "ended with status " + process.exitValue();
    return "The seat of model %s (process %d) %s.%s".formatted(model, pid(), end, words);
  }

  @Override
  public void kill(String because) {
    if (process.isAlive()) {
      killedBecause = because;
      process.destroyForcibly();
    }
  }

  @Override
  public void end() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("The input of the seat of model {} was already closed: {}", model, e.toString());
    }
    if (!endsWithin(settings.endLimit())) {
      kill("it did not end within %,d ms".formatted(settings.endLimit().toMillis()));
      endsWithin(settings.endLimit());
    }
    remove(folder);
  }

  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.debug("The folder {} of an ended seat stays: {}", folder, e.toString());
    }
  }
}
