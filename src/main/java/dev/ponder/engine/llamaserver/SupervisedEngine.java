package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.process.ServerProcess;
import dev.ponder.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A model in a process of its own that this engine starts: whatever ends that process ends no
/// request of Ponder, and the next one gets a new process.
public abstract class SupervisedEngine implements Engine {
  /// A connection breaks a moment before the process counts as ended.
  private static final Duration DYING = Duration.ofMillis(500);

  /// A start that fails at its limit says why a moment later.
  private static final Duration WORD = Duration.ofSeconds(2);

  private final String model;
  private final Duration patience;
  private final InstantSource now;
  private final Supervisor supervisor;

  /// @param noun what the process is called
  /// @param startLimit how long a start may take
  protected SupervisedEngine(
      String model,
      String noun,
      Duration startLimit,
      InstantSource now,
      Supervisor.Launcher launcher) {
    this.model = model;
    this.patience = startLimit.plus(WORD);
    this.now = now;
    this.supervisor = new Supervisor(model, noun, launcher);
  }

  @Override
  public final String model() {
    return model;
  }

  @Override
  public final Capabilities capabilities() {
    return onServer(patience, it -> it.client().capabilities());
  }

  @Override
  public final TokenStream open(GenerationRequest request) {
    return onServer(
        patience(request.deadline()), it -> new Stream(it.client().open(request), it.process()));
  }

  @Override
  public final @Nullable Completion share(List<GenerationRequest> branches) {
    return branches.isEmpty()
        ? null
        : this.<@Nullable Completion>onServer(
            patience(branches.getFirst().deadline()), it -> it.client().share(branches));
  }

  @Override
  public final int countTokens(String text) {
    return onServer(patience, it -> it.client().countTokens(text));
  }

  /// Starts nothing for it: a new process has nothing to forget.
  @Override
  public void forget(String affinity) {
    supervisor.client().ifPresent(client -> client.forget(affinity));
  }

  private Duration patience(Deadline deadline) {
    Duration left = deadline.remaining(now);
    return left.compareTo(patience) < 0 ? left : patience;
  }

  /// A process can have died unnoticed since the last request; that is found out by asking it, and
  /// then the request goes to a new one.
  private <T extends @Nullable Object> T onServer(
      Duration patience, Function<Supervisor.Running, T> work) {
    Supervisor.Running it = supervisor.running(patience);
    try {
      return work.apply(it);
    } catch (EngineException.Unavailable e) {
      if (e.retryAfter() != null || !it.process().endsWithin(DYING)) {
        throw e;
      }
      return work.apply(supervisor.running(patience));
    }
  }

  @Override
  public final EngineHealth health() {
    return supervisor.health();
  }

  /// The process that holds the model, if one runs.
  public final OptionalLong processId() {
    return supervisor.pid();
  }

  @Override
  public final void close() {
    supervisor.close();
  }

  /// Adds to a broken stream what became of its process.
  private record Stream(TokenStream stream, ServerProcess process) implements TokenStream {
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
