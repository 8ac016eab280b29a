package dev.ponder.housekeeping;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import dev.ponder.model.Models;
import dev.ponder.time.Threads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The models as one sweep uses them: each generation waits for its turn, and is broken off when
/// jobs need the model alone. Who reads a stream that is broken off gets
/// [dev.ponder.engine.EngineException.Unavailable], as if the engine had gone away.
record ThrottledModels(Models models, SweepThrottle courtesy, Threads threads, InstantSource time)
    implements Models {

  @Override
  public List<String> names() {
    return models.names();
  }

  @Override
  public String defaultModel() {
    return models.defaultModel();
  }

  @Override
  public String pipeline(String model) {
    return models.pipeline(model);
  }

  @Override
  public Engine engine(String model) {
    return new CourteousEngine(models.engine(model));
  }

  private final class CourteousEngine implements Engine {
    private final Engine engine;

    CourteousEngine(Engine engine) {
      this.engine = engine;
    }

    @Override
    public TokenStream open(GenerationRequest request) {
      int sequences = capabilities().sequences();
      courtesy.await(model(), sequences, request.deadline().remaining(time));
      long began = threads.nanos();
      return new CourteousStream(engine.open(request), model(), sequences, began);
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
    public int countTokens(String text) {
      return engine.countTokens(text);
    }

    @Override
    public EngineHealth health() {
      return engine.health();
    }

    /// The engine is not the sweep's to close.
    @Override
    public void close() {}
  }

  private final class CourteousStream implements TokenStream {
    private final TokenStream stream;
    private final String model;
    private final int sequences;
    private final long began;
    private final AtomicBoolean closed = new AtomicBoolean();

    CourteousStream(TokenStream stream, String model, int sequences, long began) {
      this.stream = stream;
      this.model = model;
      this.sequences = sequences;
      this.began = began;
    }

    @Override
    public @Nullable Piece next() {
      courtesy.goOn(model, sequences);
      return stream.next();
    }

    @Override
    public Completion completion() {
      return stream.completion();
    }

    @Override
    public void close() {
      stream.close();
      if (!closed.getAndSet(true)) {
        courtesy.worked(Duration.ofNanos(threads.nanos() - began));
      }
    }
  }
}
