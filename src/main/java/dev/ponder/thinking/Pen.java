package dev.ponder.thinking;

import dev.ponder.budget.TokenBudget;
import dev.ponder.checkpoint.ThoughtWriter;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.ThinkParser;
import dev.ponder.engine.TokenStream;
import dev.ponder.memory.Thought;
import dev.ponder.memory.Thought.ClosedBy;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The writing of one thought: reads stretches of text from the engine until the thought has its
/// conclusion, closes the thinking when its budget or its time is up, and goes on after an
/// interruption. Used once, by one thread.
final class Pen {

  private final Engine engine;
  private final LiveJob live;
  private final LiveJob.LiveThought shown;
  private final Assignment assignment;
  private final ThoughtWriter writer;
  private final ThinkingSettings settings;
  private final Speeds speeds;
  private final Alarms alarms;
  private final InstantSource time;
  private final Folds folds;
  private final MemoryMeters meters;

  private final TokenBudget budget;
  private final ThinkParser parser = new ThinkParser();
  private final LoopDetector loops;
  private ClosedBy closedBy = ClosedBy.MODEL;
  private int thinkingTokens;
  private long decodingNanos;
  private int interruptions;

  Pen(
      Engine engine,
      LiveJob live,
      Assignment assignment,
      ThoughtWriter writer,
      ThinkingSettings settings,
      Speeds speeds,
      Alarms alarms,
      InstantSource time,
      ThoughtMemory memory) {
    this.engine = engine;
    this.live = live;
    this.assignment = assignment;
    this.writer = writer;
    this.settings = settings;
    this.speeds = speeds;
    this.alarms = alarms;
    this.time = time;
    this.budget = assignment.ruling().budget();
    this.folds = memory.folds(engine, assignment, writer, settings.closingWindow());
    this.meters = memory.meters();
    this.shown = live.thought(assignment.key(), budget.total());
    this.loops = new LoopDetector(settings.loopRepeats());
  }

  /// What to do after a stretch of text.
  private enum Next {
    /// The thought has its conclusion.
    DONE,
    /// Ask the engine for more.
    GO_ON,
    /// The context is nearly full: compress the older part of the thought first.
    FOLD
  }

  /// Writes the thought to its end.
  ///
  /// @param whenResumed told each time the engine broke off and the thought goes on
  Thought write(Runnable whenResumed) {
    takeUpWhatIsThere();
    Next next = isWhole() ? Next.DONE : Next.GO_ON;
    while (next != Next.DONE) {
      endIfStopped();
      if (next == Next.FOLD || (!parser.thinkingClosed() && folds.isDue())) {
        fold();
        next = Next.GO_ON;
      }
      // A request that cannot even begin has had its retries already: that ends the writing.
      TokenStream stream = engine.open(request());
      try {
        next = stretch(stream);
      } catch (EngineException.Unavailable broken) {
        if (++interruptions > settings.interruptionsMax()) {
          throw broken;
        }
        whenResumed.run();
      }
    }
    shown.done();
    return writer.finish(
        thinkingTokens, closedBy, Duration.ofNanos(decodingNanos), assignment.alone());
  }

  private void endIfStopped() {
    live.stopped()
        .ifPresent(
            cause -> {
              throw new RunStopped(cause);
            });
  }

  private void fold() {
    String because = folds.fold(live);
    endIfStopped();
    // When the time is up the thought is closed as it is.
    if (because != null && time.instant().isBefore(assignment.ruling().closeBy())) {
      throw new EngineException.Unavailable(because, null);
    }
  }

  private void takeUpWhatIsThere() {
    shown.startedWith(writer.tokens());
    if (writer.tokens() == 0) {
      return;
    }
    parser.accept(writer.text());
    thinkingTokens =
        parser.thinkingClosed()
            ? Math.min(writer.tokens(), engine.countTokens(parser.thinking()))
            : writer.tokens();
    if (parser.thinkingClosed()
        && parser.thinking().stripTrailing().endsWith(assignment.closing())) {
      closedBy = ClosedBy.BUDGET;
      shown.forcedClose();
    }
  }

  /// A crash can come between the last token of a thought and its row.
  private boolean isWhole() {
    return parser.thinkingClosed() && writer.tokens() >= budget.total() + settings.closingWindow();
  }

  /// Reads what the engine writes, until the thought is done or has to be closed or continued.
  private Next stretch(TokenStream stream) {
    live.attach(stream);
    var due =
        parser.thinkingClosed() ? assignment.ruling().stopBy() : assignment.ruling().closeBy();
    try (stream;
        var alarm = alarms.arm(stream, due)) {
      Piece piece;
      long before = 0;
      while ((piece = stream.next()) != null) {
        interruptions = 0;
        long now = System.nanoTime();
        decodingNanos += before == 0 ? 0 : now - before;
        before = now;
        ClosedBy closing = take(piece);
        if (closing != null) {
          return close(closing);
        }
        if (!parser.thinkingClosed() && folds.isDue()) {
          return Next.FOLD;
        }
      }
      var completion = stream.completion();
      speeds.learn(engine.model(), completion);
      meters.generated(completion.usage());
      return after(completion.reason());
    } finally {
      live.detach(stream);
    }
  }

  private GenerationRequest request() {
    // A conclusion the model came to by itself may use what its thinking has left over.
    int room =
        closedBy.forced()
            ? budget.conclusion() - (writer.tokens() - thinkingTokens)
            : budget.total() + settings.closingWindow() - writer.tokens();
    return new GenerationRequest(
        folds.conversation(),
        folds.written(),
        assignment.sampling(),
        assignment.seed(),
        Math.max(1, room),
        assignment.deadline(),
        assignment.affinity());
  }

  /// Takes a piece in. Answers what the thinking has to be closed by, or null.
  private @Nullable ClosedBy take(Piece piece) {
    boolean thinking = !parser.thinkingClosed();
    boolean overdue = thinking && writer.tokens() + piece.tokens() >= budget.thinking();
    int cut = overdue && !piece.text().contains("</think>") ? sentenceEnd(piece.text()) : -1;
    String text = cut < 0 ? piece.text() : piece.text().substring(0, cut);
    writer.write(text, piece.tokens(), cut < 0 ? piece.ids() : new int[0]);
    shown.wrote(piece.tokens());
    parser.accept(text);
    if (thinking) {
      thinkingTokens = writer.tokens();
    }
    if (parser.thinkingClosed()) {
      return null;
    }
    if (overdue && (cut >= 0 || writer.tokens() >= budget.thinking() + settings.closingWindow())) {
      return ClosedBy.BUDGET;
    }
    return loops.loops(writer.written()) ? ClosedBy.LOOP : null;
  }

  private Next after(StopReason reason) {
    endIfStopped();
    if (parser.thinkingClosed()) {
      return reason == StopReason.CANCELLED ? concludeLater() : Next.DONE;
    }
    return switch (reason) {
      // A model may end its turn without a conclusion; then it is asked for one.
      case END_OF_TURN, LIMIT -> close(ClosedBy.BUDGET);
      case CANCELLED -> close(ClosedBy.DEADLINE);
      case CONTEXT_FULL -> {
        boolean time = this.time.instant().isBefore(assignment.ruling().closeBy());
        if (time && folds.canGoOn()) {
          yield Next.FOLD;
        }
        closedBy = ClosedBy.BUDGET;
        yield Next.DONE;
      }
    };
  }

  /// The conclusion had begun when the time for thinking was up: it may go on until its own end.
  private Next concludeLater() {
    if (time.instant().isBefore(assignment.ruling().stopBy())) {
      return Next.GO_ON;
    }
    closedBy = ClosedBy.DEADLINE;
    return Next.DONE;
  }

  /// Ends the thinking for the model, in the words its pipeline has for that.
  private Next close(ClosedBy cause) {
    closedBy = cause;
    shown.forcedClose();
    String text = writer.text();
    String line = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    String ending = line + assignment.closing() + "\n</think>\n\n";
    writer.write(ending, 0, new int[0]);
    parser.accept(ending);
    return time.instant().isBefore(assignment.ruling().stopBy()) ? Next.GO_ON : Next.DONE;
  }

  /// The place after the last sentence end in a text, or -1.
  private static int sentenceEnd(String text) {
    for (int i = text.length() - 1; i >= 0; i--) {
      char c = text.charAt(i);
      boolean followed = i + 1 == text.length() || Character.isWhitespace(text.charAt(i + 1));
      if (c == '\n' || ((c == '.' || c == '!' || c == '?') && followed)) {
        return i + 1;
      }
    }
    return -1;
  }
}
