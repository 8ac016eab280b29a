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
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compresses at once: the lines that calculate are its summary.
final class KeyEngine implements Engine {

  @Override
  public String model() {
    return "mini";
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
    List<String> key =
        request.conversation().user().lines().filter(line -> line.matches(".*\\d.*")).toList();
    return new Turn("</think>\n\nKey: " + String.join("; ", key));
  }

  @Override
  public int countTokens(String text) {
    return Math.max(1, text.length() / 3);
  }

  @Override
  public EngineHealth health() {
    return new EngineHealth(EngineHealth.State.READY, "It costs no time.", 0);
  }

  @Override
  public void close() {}

  private static final class Turn implements TokenStream {
    private @Nullable String text;

    Turn(String text) {
      this.text = text;
    }

    @Override
    public @Nullable Piece next() {
      String all = text;
      text = null;
      return all == null ? null : new Piece(all, 1 + all.length() / 3);
    }

    @Override
    public Completion completion() {
      return new Completion(
          StopReason.END_OF_TURN, new TokenUsage(10, 0, 10), Duration.ZERO, Duration.ZERO);
    }

    @Override
    public void close() {
      text = null;
    }
  }
}
