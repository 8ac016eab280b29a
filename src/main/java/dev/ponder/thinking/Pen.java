package dev.ponder.thinking;

import dev.ponder.budget.TokenBudget;
import dev.ponder.checkpoint.ThoughtWriter;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.ThinkParser;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.memory.Thought;
import dev.ponder.memory.Thought.ClosedBy;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The writing of one thought: reads stretches of text from the engine until the thought has its
/// conclusion, closes the thinking when its budget or its time is up, and goes on after an
/// interruption, with the next model of the job where its own cannot. Used once, by one thread.
final class Pen {

  private final Lineup lineup;
  private final LiveJob live;
  private final LiveJob.LiveThought shown;
  private final Assignment assignment;
  private final ThoughtWriter writer;
  private final ThinkingSettings settings;
  private final Speeds speeds;
  private final Alarms alarms;
  private final InstantSource time;

  private final TokenBudget budget;
  private final Resumption resumption;
  private ThinkParser parser = new ThinkParser();
  private LoopDetector loops;

  /// Set while the conclusion is asked for apart from its thought.
  private @Nullable ConclusionApart apart;

  private ClosedBy closedBy = ClosedBy.MODEL;
  private int thinkingTokens;
  private long decodingNanos;
  private int interruptions;

  Pen(
      Lineup lineup,
      LiveJob live,
      Assignment assignment,
      ThoughtWriter writer,
      Resumption resumption,
      ThinkingSettings settings,
      Speeds speeds,
      Alarms alarms,
      InstantSource time) {
    this.lineup = lineup;
    this.live = live;
    this.assignment = assignment;
    this.writer = writer;
    this.resumption = resumption;
    this.settings = settings;
    this.speeds = speeds;
    this.alarms = alarms;
    this.time = time;
    this.budget = assignment.ruling().budget();
    this.shown = live.thought(assignment.key(), budget.total());
    this.loops = new LoopDetector(settings.loopRepeats());
  }

  /// What to do after a stretch of text.
  private enum Next {
    /// The thought has its conclusion.
    DONE,
    /// Ask the engine for more.
    GO_ON
  }

  /// Writes the thought to its end.
  Thought write() {
    takeUpWhatIsThere();
    Next next = isWhole() ? Next.DONE : Next.GO_ON;
    while (next == Next.GO_ON) {
      requireGoingOn();
      next = ask(lineup.inCharge());
    }
    shown.done();
    var decoding = Duration.ofNanos(decodingNanos);
    return writer.finish(thinkingTokens, closedBy, decoding, assignment.alone());
  }

  private void requireGoingOn() {
    var cause = live.stopped();
    if (cause.isPresent()) {
      throw new RunStopped(cause.get());
    }
  }

  /// Asks a model to go on. A request that cannot even begin has had its retries already: then the
  /// next one is asked, if there is one.
  private Next ask(Lineup.InCharge asked) {
    TokenStream stream;
    try {
      stream = asked.engine().open(request(asked));
    } catch (EngineException failure) {
      if (isFull(asked, failure)) {
        closedBy = closedBy.forced() ? closedBy : ClosedBy.BUDGET;
        return Next.DONE;
      }
      passOn(asked, failure);
      return Next.GO_ON;
    }
    return read(asked, stream);
  }

  /// Whether the thought has no room left. What the engine decoded can be more tokens when it comes
  /// back as text, and the closing words come on top: a full context then refuses to go on, and the
  /// thought ends as it is.
  private boolean isFull(Lineup.InCharge asked, EngineException failure) {
    return asked.own() && failure instanceof EngineException.Refused && writer.tokens() > 0;
  }

  private Next read(Lineup.InCharge asked, TokenStream stream) {
    try {
      return stretch(asked, stream);
    } catch (EngineException failure) {
      resumption.interrupted();
      boolean mayHelp = failure instanceof EngineException.Unavailable;
      if (!mayHelp || ++interruptions > settings.interruptionsMax()) {
        passOn(asked, failure);
      }
      return Next.GO_ON;
    }
  }

  private void passOn(Lineup.InCharge asked, EngineException failure) {
    requireGoingOn();
    lineup.failed(asked, failure);
    interruptions = 0;
  }

  private void takeUpWhatIsThere() {
    shown.startedWith(writer.tokens());
    if (writer.tokens() == 0) {
      return;
    }
    parser.accept(writer.text());
    thinkingTokens =
        parser.thinkingClosed()
            ? Math.min(writer.tokens(), lineup.countTokens(parser.thinking()))
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
  private Next stretch(Lineup.InCharge asked, TokenStream stream) {
    live.attach(stream);
    var due =
        parser.thinkingClosed() ? assignment.ruling().stopBy() : assignment.ruling().closeBy();
    try (stream;
        var alarm = alarms.arm(stream, due)) {
      resumption.goesOn(asked, writer);
      Piece piece;
      long before = 0;
      while ((piece = stream.next()) != null) {
        interruptions = 0;
        long now = System.nanoTime();
        decodingNanos += before == 0 ? 0 : now - before;
        before = now;
        ClosedBy closing = take(piece, asked.own());
        if (closing != null) {
          return close(closing);
        }
      }
      var completion = stream.completion();
      speeds.learn(asked.engine().model(), completion);
      return after(completion.reason());
    } finally {
      live.detach(stream);
    }
  }

  /// What the model in charge is asked for. One that cannot go on with a text gets a thought that
  /// was closed to conclude from, and begins any other anew.
  private GenerationRequest request(Lineup.InCharge asked) {
    apart = null;
    if (writer.written().isEmpty() || asked.engine().capabilities().continuation()) {
      return request(asked.own());
    }
    if (parser.thinkingClosed() && parser.conclusion().isBlank()) {
      apart = new ConclusionApart(assignment, parser.thinking());
      return apart.request(room(), asked.engine().capabilities().contextTokens());
    }
    beginAnew(asked);
    return request(asked.own());
  }

  private void beginAnew(Lineup.InCharge asked) {
    resumption.givesUp(writer.tokens(), asked);
    writer.restart();
    shown.startedWith(0);
    parser = new ThinkParser();
    loops = new LoopDetector(settings.loopRepeats());
    closedBy = ClosedBy.MODEL;
    thinkingTokens = 0;
  }

  private GenerationRequest request(boolean own) {
    var written = own ? new Written(writer.text(), writer.ids()) : Written.text(writer.text());
    return new GenerationRequest(
        assignment.conversation(),
        written,
        assignment.sampling(),
        assignment.seed(),
        room(),
        assignment.deadline(),
        assignment.affinity());
  }

  /// A conclusion the model came to by itself may use what its thinking has left over.
  private int room() {
    int room =
        closedBy.forced()
            ? budget.conclusion() - (writer.tokens() - thinkingTokens)
            : budget.total() + settings.closingWindow() - writer.tokens();
    return Math.max(1, room);
  }

  /// Takes a piece in. Answers what the thinking has to be closed by, or null.
  ///
  /// @param own whether the job's own model wrote it: ids are kept of its tokens alone, so that
  ///     nobody takes those of another vocabulary for them
  private @Nullable ClosedBy take(Piece piece, boolean own) {
    if (apart != null) {
      conclude(apart.accept(piece.text()), piece.tokens());
      return null;
    }
    boolean thinking = !parser.thinkingClosed();
    boolean overdue = thinking && writer.tokens() + piece.tokens() >= budget.thinking();
    int cut = overdue && !piece.text().contains("</think>") ? SentenceEnd.in(piece.text()) : -1;
    String text = cut < 0 ? piece.text() : piece.text().substring(0, cut);
    writer.write(text, piece.tokens(), cut < 0 && own ? piece.ids() : new int[0]);
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

  /// What the model thought again before its conclusion only costs tokens.
  private void conclude(String text, int tokens) {
    writer.write(text, tokens, new int[0]);
    shown.wrote(tokens);
    parser.accept(text);
  }

  private Next after(StopReason reason) {
    requireGoingOn();
    if (apart != null) {
      conclude(apart.end(reason), 0);
    }
    if (parser.thinkingClosed()) {
      return reason == StopReason.CANCELLED ? concludeLater() : Next.DONE;
    }
    return switch (reason) {
      // A model may end its turn without a conclusion; then it is asked for one.
      case END_OF_TURN, LIMIT -> close(ClosedBy.BUDGET);
      case CANCELLED -> close(ClosedBy.DEADLINE);
      case CONTEXT_FULL -> {
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
    conclude(line + assignment.closing() + "\n</think>\n\n", 0);
    return time.instant().isBefore(assignment.ruling().stopBy()) ? Next.GO_ON : Next.DONE;
  }
}
