package dev.ponder.bench;

import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An engine that costs no time: every turn has the same number of tokens, which come one by one
/// and at once. What is left is what the service itself takes.
final class InstantEngine implements Engine {

  private static final String END =
      "</think>\n\nAnswer: 13\nCandidate: 13\nVerdict: correct\nConfidence: 0.97";

  private final int tokens;

  /// @param tokens of each turn; the last one carries the end of the thought and its conclusion
  InstantEngine(int tokens) {
    this.tokens = tokens;
  }

  @Override
  public String model() {
    return "instant";
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(
        64,
        1 << 20,
        Capability.CONTINUATION,
        Capability.TOKEN_IDS,
        Capability.EXACT_COUNTS,
        Capability.PREFIX_CACHE,
        Capability.CANCELLATION,
        Capability.REPRODUCIBLE);
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    return new Turn(tokens);
  }

  @Override
  public int countTokens(String text) {
    return Math.max(1, text.length() / 5);
  }

  @Override
  public EngineHealth health() {
    return new EngineHealth(EngineHealth.State.READY, "It costs no time.", 0);
  }

  @Override
  public void close() {}

  private static final class Turn implements TokenStream {
    private final int tokens;
    private int written;
    private boolean cancelled;

    Turn(int tokens) {
      this.tokens = tokens;
    }

    @Override
    public @Nullable Piece next() {
      if (written == tokens || cancelled) {
        return null;
      }
      written++;
      // Words that differ, so that nobody takes the thought for a loop.
      String text = written == tokens ? END : " w" + Integer.toString(written * 7919, 36);
      return new Piece(text, 1, new int[] {written});
    }

    @Override
    public Completion completion() {
      return new Completion(
          cancelled ? StopReason.CANCELLED : StopReason.END_OF_TURN,
          new TokenUsage(10, 0, written),
          Duration.ZERO,
          Duration.ZERO);
    }

    @Override
    public void close() {
      cancelled = true;
    }
  }
}
