package dev.ponder.engine.jllama;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.http.ServerHttp;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.engine.jllama.seat.Seat;
import dev.ponder.engine.jllama.seat.SeatOptions;
import dev.ponder.engine.jllama.seat.SeatServer;
import dev.ponder.engine.process.ChildProcess;
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

/// One seat as its parent sees it. A seat that does not answer, or owes results, is killed.
final class SeatProcess extends ChildProcess implements ServerHttp.Failures {
  private static final Logger LOG = LoggerFactory.getLogger(SeatProcess.class);

  private static final String KIND = "seat";

  /// A seat ends at once when its input does; its generations are cancelled first.
  private static final Duration END_LIMIT = Duration.ofSeconds(3);

  /// A crash of the native library fills about so many lines.
  private static final int LINES_KEPT = 40;

  private final SeatSettings settings;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final SeatLink link;
  private final ServerHttp health;
  private int strikes;
  private long answered = System.nanoTime();

  private SeatProcess(String model, SeatSettings settings, Process process, PrivateFolder folder) {
    super(KIND, model, LINES_KEPT, END_LIMIT, process, folder);
    this.settings = settings;
    this.link = new SeatLink("seat-" + model, process, this::hear);
    this.health = new ServerHttp(SeatSettings.ANSWER_LIMIT, this, link);
  }

  /// Starts a seat; it is of use after [#awaitReady].
  static SeatProcess start(JllamaModel model, SeatSettings settings) throws IOException {
    SeatOptions options = new SeatOptions(model, settings.waitingMax());
    return start(
        KIND,
        settings.folder(),
        folder ->
            new SeatProcess(
                model.name(), settings, SeatCommand.of(options, folder.path()).start(), folder));
  }

  private void hear(String sentence) {
    if (sentence.equals(Seat.READY)) {
      ready.complete(null);
    } else if (sentence.startsWith(Seat.UNUSABLE)) {
      ready.completeExceptionally(
          new EngineException.Unusable(sentence.substring(Seat.UNUSABLE.length()), null));
    } else {
      LOG.info("The seat of model {} (process {}) {}.", model(), pid(), sentence);
    }
  }

  @Override
  protected void heartbeat() throws InterruptedException {
    String trouble = ready.isDone() ? trouble() : null;
    if (trouble == null) {
      strikes = 0;
      answered = System.nanoTime();
    } else if (++strikes > 1 && !trouble.isEmpty()) {
      // Twice in a row: when this process itself was stopped for a while, the first answer is
      // late, and the second one is not.
      kill(trouble);
    }
  }

  @Override
  protected void ended() {
    ready.completeExceptionally(new EngineException.Unavailable(fate(), null));
  }

  @Override
  protected void askToEnd() {
    link.hangUp();
  }

  /// Asks the seat as its clients do: over the same pipes, answered by the same threads.
  ///
  /// @return null if all is well; empty if that cannot be told yet
  private @Nullable String trouble() throws InterruptedException {
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

  /// What requests to the seat travel over.
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
}
