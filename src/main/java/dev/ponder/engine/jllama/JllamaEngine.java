package dev.ponder.engine.jllama;

import dev.ponder.budget.Deadline;
import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A model that jllama holds in a seat, which is a process of its own: whatever ends it ends no
/// request of Ponder, and the next one gets a new seat.
public final class JllamaEngine implements Engine {
  /// A connection breaks a moment before the process counts as ended.
  private static final Duration DYING = Duration.ofMillis(500);

  private final JllamaModel model;
  private final SeatSettings settings;
  private final InstantSource now;
  private final SeatSupervisor supervisor;

  public JllamaEngine(JllamaModel model, SeatSettings settings) {
    this(model, settings, InstantSource.system());
  }

  public JllamaEngine(JllamaModel model, SeatSettings settings, InstantSource now) {
    this.model = model;
    this.settings = settings;
    this.now = now;
    this.supervisor = new SeatSupervisor(model, settings, now);
  }

  @Override
  public String model() {
    return model.name();
  }

  @Override
  public Capabilities capabilities() {
    return onSeat(settings.startLimit(), seat -> seat.client().capabilities());
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    return onSeat(
        patience(request.deadline()),
        seat -> new SeatStream(seat.client().open(request), seat.process()));
  }

  @Override
  public int countTokens(String text) {
    return onSeat(settings.startLimit(), seat -> seat.client().countTokens(text));
  }

  private Duration patience(Deadline deadline) {
    Duration left = deadline.remaining(now);
    return left.compareTo(settings.startLimit()) < 0 ? left : settings.startLimit();
  }

  /// A seat can have died unnoticed since the last request; that is found out by asking it, and
  /// then the request goes to a new one.
  private <T> T onSeat(Duration patience, Function<SeatSupervisor.Running, T> work) {
    SeatSupervisor.Running seat = supervisor.seat(patience);
    try {
      return work.apply(seat);
    } catch (EngineException.Unavailable e) {
      if (e.retryAfter() != null || !seat.process().endsWithin(DYING)) {
        throw e;
      }
      return work.apply(supervisor.seat(patience));
    }
  }

  @Override
  public EngineHealth health() {
    return supervisor.health();
  }

  /// The process that holds the model, if one runs.
  public OptionalLong seatPid() {
    return supervisor.pid();
  }

  @Override
  public void close() {
    supervisor.close();
  }

  /// Adds to a broken stream what became of its seat.
  private record SeatStream(TokenStream stream, SeatProcess process) implements TokenStream {
    @Override
    public @Nullable Piece next() {
      try {
        return stream.next();
      } catch (EngineException.Unavailable e) {
        if (process.alive() && !process.endsWithin(DYING)) {
          throw e;
        }
        throw new EngineException.Unavailable(
            e.getMessage() + " " + process.fate(), e, e.retryAfter());
      }
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
