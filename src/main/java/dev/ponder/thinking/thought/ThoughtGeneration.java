package dev.ponder.thinking.thought;

import dev.ponder.budget.TokenBudget;
import dev.ponder.engine.Capability;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.job.LeaseLost;
import dev.ponder.journal.Draft;
import dev.ponder.journal.JobJournal;
import dev.ponder.memory.Thought;
import dev.ponder.memory.Thought.ClosedBy;
import dev.ponder.routing.ModelRoute;
import dev.ponder.time.TimeIsUp;
import dev.ponder.time.WorkScope;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The writing of one thought, from its first token or from where it was interrupted: reads
/// stretches of text from the engine until the thought has its conclusion, closes the thinking when
/// its budget or its time is up, and goes on after an interruption, with another model if it has
/// to be. Used once, by one thread.
public final class ThoughtGeneration {

  private static final Logger log = LoggerFactory.getLogger(ThoughtGeneration.class);

  private final ThoughtTools tools;
  private final ModelRoute lineup;
  private final JobJournal journal;
  private final LiveJob live;
  private final Assignment assignment;
  private final Draft draft;
  private final LiveJob.LiveThought shown;
  private final Resumption resumption;
  private final Folds folds;

  private final TokenBudget budget;
  private LoopDetector loops;

  /// Set while the conclusion is asked for apart from its thought.
  private @Nullable ConclusionApart apart;

  /// Whether the request begins the thought anew. What was written is given up only when an engine
  /// has taken it up.
  private boolean anew;

  /// Set while the line is asked for that the conclusion lacks.
  private @Nullable Line line;

  private long decodingNanos;
  private int interruptions;

  public ThoughtGeneration(
      ThoughtTools tools,
      ModelRoute lineup,
      JobJournal journal,
      LiveJob live,
      Assignment assignment) {
    this.tools = tools;
    this.lineup = lineup;
    this.journal = journal;
    this.live = live;
    this.assignment = assignment;
    this.budget = assignment.budget();
    this.draft =
        journal.draft(
            new Draft.Blank(
                assignment.key(),
                assignment.seed(),
                budget.total(),
                assignment.prompt().contents().line()),
            assignment.interrupted());
    this.resumption = resumption();
    this.folds = tools.memory().folds(assignment, draft, tools.settings().closingWindow());
    this.shown = live.thought(assignment.key(), budget.total());
    this.loops = new LoopDetector(tools.settings().loopRepeats());
  }

  private Resumption resumption() {
    var made = new Resumption(journal, assignment.key(), tools.settings().interruptionsMax());
    if (assignment.interrupted() != null && live.thoughts().containsKey(assignment.key())) {
      // This run wrote all there was, and waited for its engine since.
      made.interrupted();
    } else if (assignment.interrupted() != null) {
      // How much was decoded and lost with the process is not known; a chunk cannot hold more.
      made.afterCrash(draft.chunkTokens());
    }
    return made;
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

  /// Writes the thought down and returns it finished and durable.
  ///
  /// @throws EngineException if the engine cannot, after all retries; what was written is durable
  /// @throws RunStopped if the run was stopped; what was written is durable
  /// @throws LeaseLost if another run owns the job now
  public Thought write() {
    try {
      return over(writeToTheEnd());
    } catch (LeaseLost lost) {
      lineup.forget(assignment.affinity());
      throw lost;
    } catch (RuntimeException | Error ended) {
      if (Mistake.is(ended)) {
        return over(brokenOff(ended));
      }
      if (ended instanceof RunStopped stopped && stopped.why() != LiveJob.StopCause.SHUTDOWN) {
        lineup.forget(assignment.affinity());
      }
      draft.flush();
      throw ended;
    }
  }

  private Thought over(Thought finished) {
    lineup.forget(assignment.affinity());
    return finished;
  }

  private Thought writeToTheEnd() {
    shown.startedWith(draft.tokens());
    draft.takeUp(assignment.closing(), this::countTokens);
    if (draft.isForced()) {
      shown.forcedClose();
    }
    goOnToTheEnd(isWhole() ? Next.DONE : Next.GO_ON);
    askForTheLine();
    return finish();
  }

  /// The thought ends where a mistake met it, and says so.
  private Thought brokenOff(Throwable mistake) {
    String because = Mistake.told(assignment.key(), mistake);
    if (draft.isEmpty()) {
      throw new Mistake(because);
    }
    draft.breakOff(ClosedBy.MISTAKE);
    var thought = finish();
    journal.brokenOff(assignment.key(), because);
    return thought;
  }

  private void goOnToTheEnd(Next first) {
    Next next = first;
    while (next != Next.DONE) {
      requireGoingOn();
      try {
        next = goOn(next);
      } catch (TimeIsUp up) {
        next = timeIsUp();
      }
    }
  }

  /// A conclusion that lacks the line its stage is there for is asked for it, once, as a part of
  /// the same thought. It can only help: what the engine cannot is left as it is.
  private void askForTheLine() {
    String before = draft.conclusion();
    var missing = new MissingLine(assignment);
    String label = draft.isThinking() ? null : missingIn(missing, before);
    if (label == null) {
      return;
    }
    line = new Line(missing, before, label);
    draft.beginLine(label);
    try {
      goOnToTheEnd(Next.GO_ON);
    } catch (EngineException cannot) {
      log.debug("Thought {} is left without the line it lacks", assignment.key().id(), cannot);
    }
  }

  /// The beginning of the line that a conclusion lacks; null if it lacks none, or if there is no
  /// time to look.
  private @Nullable String missingIn(MissingLine missing, String conclusion) {
    try {
      return scope()
          .call(
              "its conclusion was read",
              () -> missing.beginning(conclusion, assignment.prompt().conversation().user()))
          .orElse(null);
    } catch (TimeIsUp up) {
      return null;
    }
  }

  /// The line that is asked for.
  ///
  /// @param before the conclusion without it
  private record Line(MissingLine missing, String before, String label) {}

  private Thought finish() {
    shown.done();
    return draft.finish(Duration.ofNanos(decodingNanos), assignment.alone());
  }

  /// What is said of a thought that was taken up; where its time is up, about as much.
  private int countTokens(String text) {
    try {
      return scope().call("its tokens were counted", () -> lineup.countTokens(text));
    } catch (TimeIsUp up) {
      return ModelRoute.aboutTokens(text);
    }
  }

  /// The time of what comes next: of the thinking, or of the conclusion.
  private WorkScope scope() {
    return live.scope().until(due());
  }

  private Instant due() {
    return draft.isThinking() ? assignment.ruling().closeBy() : assignment.ruling().stopBy();
  }

  private Next goOn(Next before) {
    var asked = scope().call("a model was found for it", lineup::inCharge);
    try {
      folds.goOnWith(asked, scope());
    } catch (EngineException failure) {
      passOn(asked, failure);
      return before;
    }
    boolean full = before == Next.FOLD || (draft.isThinking() && folds.isDue());
    return full && !fold(asked) ? Next.FOLD : ask(asked);
  }

  /// A crash can come between the last token of a thought and its row.
  private boolean isWhole() {
    return !draft.isThinking()
        && draft.tokens() >= budget.total() + tools.settings().closingWindow();
  }

  private void requireGoingOn() {
    var cause = live.stopped();
    if (cause.isPresent()) {
      throw new RunStopped(cause.get());
    }
  }

  private boolean isBefore(Instant due) {
    return tools.time().instant().isBefore(due);
  }

  /// Makes room in the context. False if the model in charge could not, and another one has to.
  private boolean fold(ModelRoute.InCharge asked) {
    String because = folds.fold(scope());
    requireGoingOn();
    // When the time is up the thought is closed as it is.
    if (because == null || !isBefore(assignment.ruling().closeBy())) {
      return true;
    }
    passOn(asked, new EngineException.Unavailable(because, null));
    return false;
  }

  /// Asks a model to go on. A request that cannot even begin has had its retries already: then the
  /// next one is asked, if there is one.
  private Next ask(ModelRoute.InCharge asked) {
    WorkScope scope = scope();
    TokenStream stream;
    try {
      anew = startsOver();
      if (anew && !resumption.mayBeginAnew()) {
        return settleForWhatThereIs();
      }
      var request = anew ? firstRequest() : request();
      stream = scope.open("the engine took it up", () -> asked.engine().open(request));
    } catch (EngineException failure) {
      if (asked.own() && failure instanceof EngineException.Refused && draft.tokens() > 0) {
        // What the engine decoded can be more tokens when it comes back as text, and the closing
        // words come on top: then a full context refuses to go on.
        return full();
      }
      passOn(asked, failure);
      return Next.GO_ON;
    }
    return read(asked, stream, scope);
  }

  private Next read(ModelRoute.InCharge asked, TokenStream stream, WorkScope scope) {
    try {
      return stretch(asked, stream, scope);
    } catch (EngineException failure) {
      resumption.interrupted();
      boolean mayHelp = failure instanceof EngineException.Unavailable && !live.waitsForText();
      if (!mayHelp || ++interruptions > tools.settings().interruptionsMax()) {
        passOn(asked, failure);
      }
      return Next.GO_ON;
    }
  }

  private void passOn(ModelRoute.InCharge asked, EngineException failure) {
    requireGoingOn();
    lineup.failed(asked, failure);
    interruptions = 0;
  }

  /// Reads what the engine writes, until the thought is done or has to be closed or continued.
  private Next stretch(ModelRoute.InCharge asked, TokenStream stream, WorkScope scope) {
    try (stream;
        var held = scope.hold(stream)) {
      if (anew) {
        beginAnew();
      }
      Instant due = due();
      resumption.goesOn(asked, folds.able(), draft);
      Piece piece;
      long before = 0;
      while ((piece = stream.next()) != null) {
        interruptions = 0;
        long now = System.nanoTime();
        decodingNanos += before == 0 ? 0 : now - before;
        before = now;
        ClosedBy closing = take(piece, asked.own());
        live.hasWritten();
        if (closing != null) {
          return close(closing);
        }
        // Apart from its thought a model may say more than the line, and the line last.
        boolean lineEnds = apart == null && piece.text().indexOf('\n') >= 0;
        if (lineEnds && isLineThere()) {
          return Next.DONE;
        }
        requireGoingOn();
        // What has arrived already comes without a wait, and can be much.
        if (!isBefore(due)) {
          return after(StopReason.CANCELLED);
        }
        if (draft.isThinking() && folds.isDue()) {
          return Next.FOLD;
        }
      }
      var completion = stream.completion();
      tools.speeds().learn(asked.engine().model(), completion);
      tools.memory().meters().generated(completion.usage());
      return after(completion.reason());
    }
  }

  /// What the model in charge is asked for. One that cannot go on with a text gets a thought that
  /// was closed to conclude from; any other it begins anew.
  private GenerationRequest request() {
    apart = null;
    if (cannotGoOn()) {
      apart =
          line == null || line.before().isBlank()
              ? ConclusionApart.of(assignment, draft.thinking())
              : ConclusionApart.ofLine(assignment, line.before(), line.label());
      return apart.request(room(), folds.able().contextTokens());
    }
    return assignment.request(folds.conversation(), folds.written(), room());
  }

  private GenerationRequest firstRequest() {
    apart = null;
    int room = budget.total() + tools.settings().closingWindow();
    return assignment.request(assignment.prompt().conversation(), Written.NOTHING, room);
  }

  private void beginAnew() {
    resumption.beginsAnew(draft.tokens());
    draft.restart();
    shown.startedWith(0);
    loops = new LoopDetector(tools.settings().loopRepeats());
    folds.beginAnew();
  }

  private boolean cannotGoOn() {
    return !draft.isEmpty() && !folds.able().offer(Capability.CONTINUATION);
  }

  /// Whether the model in charge can only begin the thought anew.
  private boolean startsOver() {
    return cannotGoOn() && !draft.lacksConclusion() && line == null;
  }

  /// To begin anew has not helped often enough: what is there now is concluded from, or is the
  /// conclusion.
  private Next settleForWhatThereIs() {
    if (draft.isThinking()) {
      return close(ClosedBy.INTERRUPTIONS);
    }
    draft.breakOff(ClosedBy.INTERRUPTIONS);
    return Next.DONE;
  }

  /// A conclusion the model came to by itself may use what its thinking has left over.
  private int room() {
    if (line != null) {
      // One that has to think again before it writes the line needs room for that.
      return apart == null
          ? Math.min(MissingLine.MOST_TOKENS, budget.conclusion())
          : budget.conclusion();
    }
    int room =
        draft.isForced()
            ? budget.conclusion() - draft.conclusionTokens()
            : budget.total() + tools.settings().closingWindow() - draft.tokens();
    return Math.max(1, room);
  }

  private boolean isLineThere() {
    return line != null && line.missing().isThere(draft.conclusion());
  }

  /// Takes a piece in. Answers what the thinking has to be closed by, or null.
  ///
  /// @param own whether the job's own model wrote it: ids are kept of its tokens alone, so that
  ///     nobody takes those of another vocabulary for them
  private @Nullable ClosedBy take(Piece piece, boolean own) {
    if (apart != null) {
      // What the model thought again before its conclusion only costs tokens.
      write(apart.accept(piece.text()), piece.tokens(), new int[0]);
      return null;
    }
    boolean overdue = draft.isThinking() && draft.tokens() + piece.tokens() >= budget.thinking();
    int cut = overdue && !piece.text().contains("</think>") ? SentenceEnd.in(piece.text()) : -1;
    String text = cut < 0 ? piece.text() : piece.text().substring(0, cut);
    write(text, piece.tokens(), cut < 0 && own ? piece.ids() : new int[0]);
    if (!draft.isThinking()) {
      return null;
    }
    if (overdue
        && (cut >= 0 || draft.tokens() >= budget.thinking() + tools.settings().closingWindow())) {
      return ClosedBy.BUDGET;
    }
    return loops.loops(draft.written()) ? ClosedBy.LOOP : null;
  }

  private void write(String text, int tokens, int[] ids) {
    draft.write(text, tokens, ids);
    if (tokens > 0) {
      shown.wrote(tokens);
    }
  }

  private Next after(StopReason reason) {
    requireGoingOn();
    if (apart != null) {
      draft.write(apart.end(reason), 0, new int[0]);
    }
    if (!draft.isThinking() && reason != StopReason.CANCELLED) {
      if (reason == StopReason.WITHHELD) {
        draft.breakOff(ClosedBy.SERVER);
      }
      return Next.DONE;
    }
    return switch (reason) {
      // A model may end its turn without a conclusion; then it is asked for one.
      case END_OF_TURN, LIMIT -> close(ClosedBy.BUDGET);
      case CANCELLED -> timeIsUp();
      case WITHHELD -> close(ClosedBy.SERVER);
      case CONTEXT_FULL -> full();
    };
  }

  private Next timeIsUp() {
    return draft.isThinking() ? close(ClosedBy.DEADLINE) : concludeLater();
  }

  /// The context is full: the older part of the thinking is folded if that can be, else the thought
  /// ends as it is.
  private Next full() {
    if (line != null) {
      return Next.DONE;
    }
    if (draft.isThinking() && isBefore(assignment.ruling().closeBy()) && folds.canGoOn(scope())) {
      return Next.FOLD;
    }
    if (!draft.isForced()) {
      draft.breakOff(ClosedBy.BUDGET);
    }
    return Next.DONE;
  }

  /// The conclusion had begun when the time for thinking was up: it may go on until its own end.
  private Next concludeLater() {
    if (isBefore(assignment.ruling().stopBy())) {
      return Next.GO_ON;
    }
    if (line != null) {
      return Next.DONE;
    }
    draft.breakOff(ClosedBy.DEADLINE);
    return Next.DONE;
  }

  private Next close(ClosedBy cause) {
    shown.forcedClose();
    draft.close(cause, assignment.closing());
    return isBefore(assignment.ruling().stopBy()) ? Next.GO_ON : Next.DONE;
  }
}
