package dev.ponder.bench;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Notes what another engine was asked and how many tokens were read of each answer, so that a bare
/// script can ask the same.
final class TracedEngine implements Engine {

  /// @param request as it was asked
  /// @param text that was read
  /// @param tokens that were read
  /// @param from when it was asked for, in nanoseconds
  /// @param to when it ended
  record Asked(GenerationRequest request, String text, int tokens, long from, long to) {}

  private final Engine engine;
  private final List<Asked> asked = new ArrayList<>();

  TracedEngine(Engine engine) {
    this.engine = engine;
  }

  /// What was asked since the last call, in the order it ended.
  synchronized List<Asked> take() {
    var all = List.copyOf(asked);
    asked.clear();
    return all;
  }

  /// Nanoseconds in which at least one of these was being answered.
  static long busy(List<Asked> asked) {
    long sum = 0;
    long until = Long.MIN_VALUE;
    for (Asked each : asked.stream().sorted(Comparator.comparingLong(Asked::from)).toList()) {
      sum += Math.max(0, each.to() - Math.max(each.from(), until));
      until = Math.max(until, each.to());
    }
    return sum;
  }

  private synchronized void note(Asked one) {
    asked.add(one);
  }

  @Override
  public String model() {
    return engine.model();
  }

  @Override
  public Capabilities capabilities() {
    return engine.capabilities();
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    long from = System.nanoTime();
    return new Traced(request, engine.open(request), from);
  }

  @Override
  public @Nullable Completion share(List<GenerationRequest> branches) {
    return engine.share(branches);
  }

  @Override
  public void forget(String affinity) {
    engine.forget(affinity);
  }

  @Override
  public int countTokens(String text) {
    return engine.countTokens(text);
  }

  @Override
  public EngineHealth health() {
    return engine.health();
  }

  @Override
  public void close() {
    engine.close();
  }

  private final class Traced implements TokenStream {
    private final GenerationRequest request;
    private final TokenStream stream;
    private final long from;
    private final StringBuilder text = new StringBuilder();
    private int tokens;
    private boolean noted;

    Traced(GenerationRequest request, TokenStream stream, long from) {
      this.request = request;
      this.stream = stream;
      this.from = from;
    }

    @Override
    public @Nullable Piece next() {
      Piece piece = stream.next();
      if (piece == null) {
        end();
      } else {
        tokens += piece.tokens();
        text.append(piece.text());
      }
      return piece;
    }

    private void end() {
      if (!noted) {
        noted = true;
        note(new Asked(request, text.toString(), tokens, from, System.nanoTime()));
      }
    }

    @Override
    public Completion completion() {
      return stream.completion();
    }

    @Override
    public void close() {
      stream.close();
      end();
    }
  }
}
