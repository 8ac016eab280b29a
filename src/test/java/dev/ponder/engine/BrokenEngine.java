package dev.ponder.engine;

import dev.ponder.budget.TokenUsage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An engine that breaks its promises in one way, to show that the contract notices. What it does
/// not break it leaves to a scripted engine.
class BrokenEngine implements Engine {

  protected final ScriptedEngine good;

  BrokenEngine(ScriptedEngine good) {
    this.good = good;
  }

  @Override
  public String model() {
    return good.model();
  }

  @Override
  public Capabilities capabilities() {
    return good.capabilities();
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    return good.open(request);
  }

  @Override
  public int countTokens(String text) {
    return good.countTokens(text);
  }

  @Override
  public EngineHealth health() {
    return good.health();
  }

  @Override
  public void close() {
    good.close();
  }

  /// A stream whose pieces and whose completion are changed on the way.
  static class Stream implements TokenStream {
    private final TokenStream good;
    private final UnaryOperator<Piece> piece;

    Stream(TokenStream good, UnaryOperator<Piece> piece) {
      this.good = good;
      this.piece = piece;
    }

    @Override
    public @Nullable Piece next() {
      Piece next = good.next();
      return next == null ? null : piece.apply(next);
    }

    @Override
    public Completion completion() {
      return good.completion();
    }

    @Override
    public void close() {
      good.close();
    }
  }

  /// A stream that reports one token less than it wrote.
  static final class Miscounting extends Stream {
    Miscounting(TokenStream good) {
      super(good, UnaryOperator.identity());
    }

    @Override
    public Completion completion() {
      Completion end = super.completion();
      TokenUsage usage = end.usage();
      return new Completion(
          end.reason(),
          new TokenUsage(usage.prompt(), usage.cached(), usage.written() - 1),
          end.prefill(),
          end.decode());
    }
  }

  /// A stream that goes on after it was closed.
  static final class Unstoppable extends Stream {
    Unstoppable(TokenStream good) {
      super(good, UnaryOperator.identity());
    }

    @Override
    public void close() {}
  }
}
