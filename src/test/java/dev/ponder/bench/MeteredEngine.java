package dev.ponder.bench;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Notes when each generation of another engine began and ended, and what it says it cost.
final class MeteredEngine implements Engine {

  /// @param busy what the engine says it needed for the prompt and for decoding
  record Turn(Instant opened, Instant ended, Duration busy) {}

  private final Engine engine;
  private final List<Turn> turns = new CopyOnWriteArrayList<>();
  private final AtomicInteger counts = new AtomicInteger();

  MeteredEngine(Engine engine) {
    this.engine = engine;
  }

  List<Turn> turns() {
    return turns;
  }

  /// How often tokens were counted, which is a request each.
  int counts() {
    return counts.get();
  }

  void forget() {
    turns.clear();
    counts.set(0);
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
    var opened = Instant.now();
    return new MeteredStream(engine.open(request), opened);
  }

  @Override
  public int countTokens(String text) {
    counts.incrementAndGet();
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

  private final class MeteredStream implements TokenStream {
    private final TokenStream stream;
    private final Instant opened;

    MeteredStream(TokenStream stream, Instant opened) {
      this.stream = stream;
      this.opened = opened;
    }

    @Override
    public @Nullable Piece next() {
      Piece piece = stream.next();
      if (piece == null) {
        Completion cost = stream.completion();
        turns.add(new Turn(opened, Instant.now(), cost.prefill().plus(cost.decode())));
      }
      return piece;
    }

    @Override
    public Completion completion() {
      return stream.completion();
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
