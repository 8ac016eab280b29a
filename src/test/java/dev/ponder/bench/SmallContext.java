package dev.ponder.bench;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Another engine that says its context is smaller, and notes the most tokens that were in it at a
/// time: prompt, what was written before, and what was written then. Summaries are not counted.
final class SmallContext implements Engine {

  private final Engine engine;
  private final int tokens;
  private final AtomicInteger peak = new AtomicInteger();

  SmallContext(Engine engine, int tokens) {
    this.engine = engine;
    this.tokens = tokens;
  }

  int peak() {
    return peak.get();
  }

  @Override
  public String model() {
    return engine.model();
  }

  @Override
  public Capabilities capabilities() {
    Capabilities all = engine.capabilities();
    return all.within(all.sequences(), tokens);
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    TokenStream stream = engine.open(request);
    return request.affinity().startsWith("memory/") ? stream : new Counted(stream, before(request));
  }

  private int before(GenerationRequest request) {
    var asked = request.conversation();
    return engine.countTokens(asked.system() + "\n" + asked.user())
        + (request.written().text().isEmpty() ? 0 : engine.countTokens(request.written().text()));
  }

  @Override
  public int countTokens(String text) {
    return engine.countTokens(text);
  }

  @Override
  public EngineHealth health() {
    return engine.health();
  }

  /// It is another's.
  @Override
  public void close() {}

  private final class Counted implements TokenStream {
    private final TokenStream stream;
    private int inContext;

    Counted(TokenStream stream, int before) {
      this.stream = stream;
      this.inContext = before;
    }

    @Override
    public @Nullable Piece next() {
      Piece piece = stream.next();
      if (piece != null) {
        inContext += piece.tokens();
        peak.accumulateAndGet(inContext, Math::max);
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
