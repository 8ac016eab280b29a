package dev.ponder.thinking.thought;

import dev.ponder.budget.TokenBudget;
import dev.ponder.compression.EngineCompressor;
import dev.ponder.compression.Pieces;
import dev.ponder.compression.TokenCounts;
import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.Engine;
import dev.ponder.engine.Written;
import dev.ponder.journal.Draft;
import dev.ponder.journal.Marks.Mark;
import dev.ponder.memory.Compression;
import dev.ponder.memory.Fold;
import dev.ponder.routing.ModelRoute;
import dev.ponder.time.WorkScope;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Lets one thought be longer than its context. When the thought approaches the end of the context
/// and still has tokens to write, its older part is compressed, piece by piece; the thought goes on
/// with the insights in its prompt and its recent text behind it. All of its text stays in the
/// journal.
///
/// A piece whose summary is rejected stays in the prompt as it is. Used by the thread that writes
/// the thought.
final class Folds {

  /// With less room than this for a thought and its insights, folding comes to nothing.
  private static final int LEAST_ROOM = 48;

  /// The smallest part of a piece that is tried by itself, as a divisor: each try costs a summary.
  private static final int SMALLEST = 4;

  /// Tokens that a chat template takes around a prompt, generously.
  private static final int FRAME = 24;

  private final ThoughtMemory memory;
  private final Assignment assignment;
  private final Draft draft;
  private final TokenBudget budget;
  private final int closingWindow;
  private final int promptAtMost;

  private ModelRoute.@Nullable InCharge charged;
  private @Nullable Capabilities able;
  private @Nullable Limits limits;
  private String earlier;
  private int earlierTokens;
  private int nextTry;
  private int nextWhole;

  /// What the context of the model leaves for a thought.
  ///
  /// @param context tokens that a sequence holds
  /// @param prompt tokens of the prompt without insights
  /// @param at tokens in the context from which the older part is compressed
  /// @param recent tokens of the thought that stay as they are
  /// @param earlier tokens that insights may have before they are compressed themselves
  private record Limits(int context, int prompt, int at, int recent, int earlier) {
    int room() {
      return at - prompt;
    }
  }

  Folds(ThoughtMemory memory, Assignment assignment, Draft draft, int closingWindow) {
    this.memory = memory;
    this.assignment = assignment;
    this.draft = draft;
    this.budget = assignment.budget();
    this.closingWindow = closingWindow;
    this.promptAtMost = TokenCounts.atMost(promptText());
    this.earlier = Fold.earlier(draft.text(), draft.folds());
  }

  /// Says which model goes on with the thought: its context counts from now on. Comes before
  /// everything else, and asks the engine all that has to be known while the thought is written.
  ///
  /// @throws dev.ponder.engine.EngineException if it cannot be asked
  void goOnWith(ModelRoute.InCharge model, WorkScope scope) {
    if (charged == null || !charged.model().equals(model.model())) {
      able = null;
      earlierTokens = 0;
      nextTry = 0;
      nextWhole = 0;
    }
    charged = model;
    Capabilities now =
        scope.call("its model said what it can do", () -> model.engine().capabilities());
    if (!now.equals(able)) {
      limits = null;
      able = now;
    }
    if (!earlier.isEmpty() || (isPossible() && !fitsAnyhow())) {
      count(scope);
    }
  }

  /// What the model in charge can do.
  Capabilities able() {
    return Objects.requireNonNull(able);
  }

  /// Counts what is not counted yet.
  private Limits count(WorkScope scope) {
    Limits known = limits;
    if (known == null) {
      known = scope.call("its prompt was counted", this::limits);
      limits = known;
    }
    if (earlierTokens == 0 && !earlier.isEmpty()) {
      String remembered = earlier;
      earlierTokens =
          scope.call("what it remembers was counted", () -> memory.count(engine(), remembered));
    }
    return known;
  }

  /// The thought is written anew.
  void beginAnew() {
    earlier = "";
    earlierTokens = 0;
    nextTry = 0;
    nextWhole = 0;
  }

  private Engine engine() {
    return Objects.requireNonNull(charged).engine();
  }

  /// Only a model that can go on with a text can go on with the recent part of one.
  private boolean isPossible() {
    return assignment.prompt().folded().isPossible() && able().offer(Capability.CONTINUATION);
  }

  /// The conversation, with what the thought remembers of its older part.
  Conversation conversation() {
    return earlier.isEmpty()
        ? assignment.prompt().conversation()
        : assignment.prompt().folded().with(shortened(earlier));
  }

  /// The recent part of the thought, which the model goes on from; by its ids only where that is
  /// the job's own, whose vocabulary they are of.
  Written written() {
    Fold last = last();
    String text = last == null ? draft.text() : draft.text().substring(last.uptoChar());
    return Objects.requireNonNull(charged).own()
        ? new Written(text, draft.ids(last == null ? 0 : last.uptoId()))
        : Written.text(text);
  }

  /// Whether the thought has to be folded before it goes on.
  boolean isDue() {
    if (draft.tokens() < nextTry || !isPossible() || fitsAnyhow()) {
      return false;
    }
    Limits limit = limits;
    if (limit == null || limit.room() < LEAST_ROOM) {
      return false;
    }
    int needed = inContext(limit) + budget.total() + closingWindow - draft.tokens();
    return needed > limit.context() && inContext(limit) >= limit.at() && hasOlderPart(limit);
  }

  /// Whether prompt and thought fit the context even if each byte of the prompt is a token. Then
  /// nothing has to be counted.
  private boolean fitsAnyhow() {
    return earlier.isEmpty()
        && promptAtMost + FRAME + budget.total() + closingWindow <= able().contextTokens();
  }

  /// Whether a thought that has met the end of its context can go on after a fold.
  boolean canGoOn(WorkScope scope) {
    if (!isPossible() || draft.tokens() < nextTry) {
      return false;
    }
    Limits limit = count(scope);
    return limit.room() >= LEAST_ROOM && hasOlderPart(limit);
  }

  private boolean hasOlderPart(Limits limit) {
    return recentTokens() - limit.recent() >= memory.leastTokens();
  }

  private int inContext(Limits limit) {
    return limit.prompt() + Math.min(earlierTokens, limit.room() - limit.recent()) + recentTokens();
  }

  private int recentTokens() {
    Fold last = last();
    return draft.tokens() - (last == null ? 0 : last.uptoToken());
  }

  private @Nullable Fold last() {
    List<Fold> folds = draft.folds();
    return folds.isEmpty() ? null : folds.getLast();
  }

  /// Folds all but the recent part, and makes each fold durable.
  ///
  /// @return why it could not be done now, or null
  @Nullable String fold(WorkScope scope) {
    Limits limit = count(scope);
    draft.flush();
    int most = EngineCompressor.pieceTokens(able());
    int piece = most;
    while (hasOlderPart(limit)) {
      Part part = oldest(Math.min(recentTokens() - limit.recent(), piece));
      Compression outcome = compressed(part.text(), false, scope);
      if (outcome instanceof Compression.Postponed postponed) {
        return postponed.because();
      }
      boolean rejected = outcome instanceof Compression.Rejected;
      if (rejected && part.tokens() > most / SMALLEST) {
        // Half of it may pass, and then less has to stay as it is.
        piece = part.tokens() / 2;
      } else {
        keep(part, outcome, scope);
        piece = rejected ? most : Math.min(most, 2 * piece);
      }
    }
    foldInsights(limit, scope);
    // Where summaries were rejected not much was gained: then the text has to grow first.
    nextTry = draft.tokens() + Math.max(1, limit.context() / 16);
    return null;
  }

  private Compression compressed(String part, boolean insights, WorkScope scope) {
    String model = Objects.requireNonNull(charged).model();
    return scope.call(
        "its older part was compressed",
        () -> memory.compress(model, assignment, part, insights, scope));
  }

  /// The oldest piece of the recent text.
  private record Part(String text, int uptoChar, int tokens) {}

  private Part oldest(int tokens) {
    String text = draft.text();
    Fold last = last();
    int from = last == null ? 0 : last.uptoChar();
    long characters = (long) (text.length() - from) * tokens / Math.max(1, recentTokens());
    int to = Pieces.cut(text, from, from + (int) Math.max(1, characters));
    return new Part(text.substring(from, to), to, tokens);
  }

  private void keep(Part part, Compression outcome, WorkScope scope) {
    Fold last = last();
    Mark mark = draft.mark(part.uptoChar());
    int before = last == null ? 0 : last.uptoToken();
    int uptoToken =
        mark == null
            ? before
                + scope.call(
                    "its older part was counted", () -> memory.count(engine(), part.text()))
            : mark.tokens();
    keep(part.uptoChar(), uptoToken, mark == null ? -1 : mark.ids(), outcome);
  }

  /// Insights that have outgrown their own room are compressed too; all they state has to survive.
  private void foldInsights(Limits limit, WorkScope scope) {
    Fold last = last();
    // All of them are in the request twice: as the text, and as what has to survive.
    int most = EngineCompressor.pieceTokens(able()) / 2;
    count(scope);
    int tokens = earlierTokens;
    if (last == null || tokens <= Math.max(limit.earlier(), nextWhole) || tokens > most) {
      return;
    }
    Compression outcome = compressed(earlier, true, scope);
    if (outcome instanceof Compression.Accepted) {
      keep(last.uptoChar(), last.uptoToken(), last.uptoId(), outcome);
      count(scope);
    }
    nextWhole = earlierTokens * 5 / 4;
  }

  private void keep(int uptoChar, int uptoToken, int uptoId, Compression outcome) {
    String insights = outcome instanceof Compression.Accepted accepted ? accepted.insights() : null;
    var fold = new Fold(draft.folds().size() + 1, uptoChar, uptoToken, uptoId, insights);
    draft.fold(fold, ThoughtMemory.told(outcome));
    memory.meters().folded();
    earlier = Fold.earlier(draft.text(), draft.folds());
    earlierTokens = 0;
  }

  /// The last resort, where no summary of many pieces passed: the oldest of what the thought
  /// remembers is left out of the prompt, and stays in the journal.
  private String shortened(String remembered) {
    Limits limit = Objects.requireNonNull(limits);
    int room = limit.room() - limit.recent();
    int tokens = earlierTokens;
    if (tokens <= room) {
      return remembered;
    }
    int kept = (int) (0.9 * remembered.length() * room / tokens);
    int from = Pieces.cut(remembered, 0, remembered.length() - kept);
    return "[… about %d tokens left out …]\n%s"
        .formatted(tokens - room, remembered.substring(from));
  }

  private String promptText() {
    var asked = assignment.prompt().conversation();
    return (asked.system() == null ? "" : asked.system()) + "\n" + asked.user();
  }

  private Limits limits() {
    int context = able().contextTokens();
    int prompt = memory.count(engine(), promptText()) + FRAME;
    int concluding =
        budget.conclusion() + closingWindow + memory.count(engine(), assignment.closing());
    int at = Math.min((int) (memory.at() * context), context - concluding);
    int room = Math.max(0, at - prompt);
    var tiers = memory.tiers();
    return new Limits(
        context,
        prompt,
        at,
        Math.min(tiers.immediate(context) / 2, room / 3),
        Math.min(tiers.longTerm(context), room / 3));
  }
}
