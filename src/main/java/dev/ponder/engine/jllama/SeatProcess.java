package dev.ponder.engine.jllama;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.http.ServerHttp;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.engine.jllama.seat.Seat;
import dev.ponder.engine.jllama.seat.SeatOptions;
import dev.ponder.engine.jllama.seat.SeatServer;
import dev.ponder.engine.llamaserver.LastWords;
import dev.ponder.engine.process.ServerProcess;
import dev.ponder.files.PrivateFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One seat as its parent sees it: its life from start to end, its health, its last words.
final class SeatProcess implements ServerProcess, ServerHttp.Failures {
  private static final Logger LOG = LoggerFactory.getLogger(SeatProcess.class);

  /// How often a seat is asked whether it is well.
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  /// A seat ends at once when its input does; its generations are cancelled first.
  private static final Duration END_LIMIT = Duration.ofSeconds(3);

  /// Of its error output, for messages: a crash of the native library fills about so many lines.
  private static final int LINES_KEPT = 40;

  private final String model;
  private final SeatSettings settings;
  private final Process process;
  private final PrivateFolder folder;
  private final long startedAt = System.nanoTime();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final LastWords words;
  private final SeatLink link;
  private final ServerHttp health;
  private volatile @Nullable String killedBecause;

  private SeatProcess(String model, SeatSettings settings, Process process, PrivateFolder folder) {
    this.model = model;
    this.settings = settings;
    this.process = process;
    this.folder = folder;
    this.words = new LastWords("Seat of model " + model, LINES_KEPT);
    this.link = new SeatLink("seat-" + model, process, this::hear);
    this.health = new ServerHttp(SeatSettings.ANSWER_LIMIT, this, link);
  }

  /// Starts a seat; it is of use after [#awaitReady].
  static SeatProcess start(JllamaModel model, SeatSettings settings) throws IOException {
    PrivateFolder folder = PrivateFolder.create(settings.folder(), "seat");
    SeatOptions options = new SeatOptions(model, settings.waitingMax());
    try {
      Process process = SeatCommand.of(options, folder.path()).start();
      SeatProcess seat = new SeatProcess(model.name(), settings, process, folder);
      seat.daemon("err", () -> LastWords.eachLine(process.getErrorStream(), seat.words::add));
      seat.daemon("watch", seat::watch);
      return seat;
    } catch (IOException e) {
      folder.close();
      throw e;
    }
  }

  private void daemon(String what, Runnable task) {
    Thread.ofPlatform().daemon().name("seat-" + model + "-" + what).start(task);
  }

  private void hear(String sentence) {
    if (sentence.equals(Seat.READY)) {
      ready.complete(null);
    } else if (sentence.startsWith(Seat.UNUSABLE)) {
      ready.completeExceptionally(
          new EngineException.Unusable(sentence.substring(Seat.UNUSABLE.length()), null));
    } else {
      LOG.info("The seat of model {} (process {}) {}.", model, pid(), sentence);
    }
  }

  /// Notices that the seat has ended, does not answer, or owes results; runs until it has ended.
  private void watch() {
    int strikes = 0;
    long answered = System.nanoTime();
    try {
      while (!process.waitFor(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        if (!ready.isDone()) {
          answered = System.nanoTime();
          continue;
        }
        String trouble = trouble(answered);
        if (trouble == null) {
          strikes = 0;
          answered = System.nanoTime();
        } else if (++strikes > 1 && !trouble.isEmpty()) {
          // Twice in a row: when this process itself was stopped for a while, the first answer is
          // late, and the second one is not.
          kill(trouble);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    folder.close();
    ready.completeExceptionally(new EngineException.Unavailable(fate(), null));
    // A seat that ended because it was asked to is no news.
    boolean asked = !process.isAlive() && process.exitValue() == 0;
    LOG.atLevel(asked ? Level.DEBUG : Level.INFO).log("{}", fate());
  }

  /// Asks it as its clients do: over the same pipes, answered by the same threads.
  ///
  /// @param answered when it did last
  /// @return null if all is well; empty if that cannot be told yet
  private @Nullable String trouble(long answered) throws InterruptedException {
    IOException broken = link.broken();
    if (broken != null) {
      return "nothing comes through to it: " + broken.getMessage();
    }
    Duration limit = settings.silenceLimit().dividedBy(4);
    try {
      byte[] body =
          health.whole(
              "health", ServerHttp.request(URI.create("http://seat/health"), limit).build());
      long owed = SeatServer.owedMillis(body);
      return owed <= settings.stallLimit().toMillis()
          ? null
          : "its engine brought no result for %,d ms and the limit is %,d"
              .formatted(owed, settings.stallLimit().toMillis());
    } catch (EngineException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long silence = (System.nanoTime() - answered) / 1_000_000;
      return silence < settings.silenceLimit().toMillis()
          ? ""
          : "it let nobody in for %,d ms and the limit is %,d: %s"
              .formatted(silence, settings.silenceLimit().toMillis(), e.getMessage());
    }
  }

  @Override
  public EngineException refused(String path, HttpResponse<?> response, byte[] body) {
    return new EngineException.Unavailable("status " + response.statusCode(), null);
  }

  @Override
  public EngineException unavailable(String what, @Nullable Throwable cause) {
    return new EngineException.Unavailable(what, cause);
  }

  /// What requests to it travel over.
  SeatLink link() {
    return link;
  }

  /// Waits until the model is loaded.
  void awaitReady() {
    Duration limit = settings.startLimit();
    try {
      ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
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
    link.hangUp();
    if (!endsWithin(END_LIMIT)) {
      kill("it did not end within %,d ms".formatted(END_LIMIT.toMillis()));
      endsWithin(END_LIMIT);
    }
    folder.close();
  }
}
