package dev.ponder.thinking.thought;

import dev.ponder.engine.text.ThinkParser;
import dev.ponder.journal.ThoughtWriter;
import dev.ponder.memory.Thought;
import dev.ponder.memory.Thought.ClosedBy;
import java.time.Duration;
import java.util.function.ToIntFunction;

/// What there is of a thought while it is written: its text, how much of it is thinking, and what
/// its thinking was closed by. Everything goes into the journal at once.
final class Draft {

  private final ThoughtWriter writer;
  private final LiveJob.LiveThought shown;
  private final String closing;
  private final int loopRepeats;

  private ThinkParser parser = new ThinkParser();
  private LoopDetector loops;
  private ClosedBy closedBy = ClosedBy.MODEL;
  private int thinkingTokens;
  private int kept;

  /// @param shown what clients see of it
  /// @param closing the line that closes its thinking when the model does not
  /// @param loopRepeats repetitions that make a loop
  Draft(ThoughtWriter writer, LiveJob.LiveThought shown, String closing, int loopRepeats) {
    this.writer = writer;
    this.shown = shown;
    this.closing = closing;
    this.loopRepeats = loopRepeats;
    this.loops = new LoopDetector(loopRepeats);
  }

  /// Takes up what an earlier run has left.
  ///
  /// @param counter the tokens of a text
  void takeUp(ToIntFunction<String> counter) {
    kept = writer.tokens();
    shown.startedWith(kept);
    if (kept == 0) {
      return;
    }
    parser.accept(writer.text());
    thinkingTokens = isThinking() ? kept : Math.min(kept, counter.applyAsInt(parser.thinking()));
    if (!isThinking() && parser.thinking().stripTrailing().endsWith(closing)) {
      closedBy = ClosedBy.BUDGET;
      shown.forcedClose();
    }
  }

  void write(String text, int tokens, int[] ids) {
    boolean thinking = isThinking();
    writer.write(text, tokens, ids);
    if (tokens > 0) {
      shown.wrote(tokens);
    }
    parser.accept(text);
    if (thinking) {
      thinkingTokens = writer.tokens();
    }
  }

  /// Ends the thinking for the model, in the words its pipeline has for that.
  void close(ClosedBy cause) {
    closedBy = cause;
    shown.forcedClose();
    String text = writer.text();
    String line = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    write(line + closing + "\n</think>\n\n", 0, new int[0]);
  }

  /// Begins a line of the conclusion for the model.
  void beginLine(String label) {
    boolean atLineStart = writer.text().endsWith("\n");
    String before = atLineStart ? "" : lacksConclusion() ? "\n\n" : "\n";
    write(before + label, 0, new int[0]);
  }

  /// It ends as it is, without what else its conclusion might have said.
  void breakOff(ClosedBy cause) {
    closedBy = cause;
  }

  /// Gives up what was written, to write it anew.
  void beginAnew() {
    writer.restart();
    shown.startedWith(0);
    parser = new ThinkParser();
    loops = new LoopDetector(loopRepeats);
    closedBy = ClosedBy.MODEL;
    thinkingTokens = 0;
    kept = 0;
  }

  /// @param decoding how long the tokens took that were decoded since it was taken up; those before
  ///     are taken to have come as fast
  /// @param alone whether it becomes durable with the next step of the run
  Thought finish(Duration decoding, boolean alone) {
    shown.done();
    int decoded = tokens() - kept;
    var whole = decoded <= 0 ? decoding : decoding.multipliedBy(tokens()).dividedBy(decoded);
    return writer.finish(thinkingTokens, closedBy, whole, alone);
  }

  boolean isEmpty() {
    return writer.written().isEmpty();
  }

  boolean isThinking() {
    return !parser.thinkingClosed();
  }

  /// Whether its thinking is over and nothing of its conclusion is there.
  boolean lacksConclusion() {
    return !isThinking() && parser.conclusion().isBlank();
  }

  boolean isForced() {
    return closedBy.forced();
  }

  boolean loops() {
    return loops.loops(writer.written());
  }

  String conclusion() {
    return parser.conclusion();
  }

  String thinking() {
    return parser.thinking();
  }

  int tokens() {
    return writer.tokens();
  }

  int conclusionTokens() {
    return writer.tokens() - thinkingTokens;
  }
}
