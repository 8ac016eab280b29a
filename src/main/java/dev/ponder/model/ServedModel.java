package dev.ponder.model;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.model.profile.Profile;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A model that jobs can ask for, and its engine once it has one.
abstract class ServedModel implements AutoCloseable {

  private static final EngineHealth ASKED =
      new EngineHealth(EngineHealth.State.DOWN, "The server is being asked.", 0);

  private @Nullable ResilientEngine engine;
  private EngineException.@Nullable Unusable trouble;
  private boolean closed;

  abstract String name();

  /// The kind of its engine, as a profile writes it.
  abstract String kind();

  abstract ModelProfile profile();

  /// Makes the engine; starts nothing.
  abstract ResilientEngine make();

  /// How it is as long as it has no engine.
  ///
  /// @param asked how an engine is asked, where there has to be one to tell
  abstract EngineHealth unmade(Function<Engine, EngineHealth> asked);

  /// All names a job can ask for it by, its own first.
  List<String> names() {
    return List.of(name());
  }

  /// Whether a job that was given this name means this model.
  boolean answersTo(String asked) {
    return names().contains(asked);
  }

  /// The profile it is described by, if it is.
  @Nullable Profile described() {
    return null;
  }

  /// Whether an attached server that reports its name takes its place.
  boolean yields() {
    return false;
  }

  /// How it is in a word, as the API says it.
  String state() {
    return recentHealth().state().name().toLowerCase(Locale.ROOT);
  }

  /// The file as the API shows it.
  @Nullable String file(ModelProfile served) {
    return served.file();
  }

  /// What it takes of memory, if that can be told without loading it.
  @Nullable MemoryEstimate memory() {
    return null;
  }

  /// A model that could not be used is tried again each time: its file may have been mended.
  synchronized Engine engine() {
    if (closed) {
      throw new EngineException.Unavailable(
          "Model '%s' was closed, because Ponder is being stopped.".formatted(name()), null);
    }
    if (engine == null) {
      try {
        engine = make();
        trouble = null;
      } catch (EngineException.Unusable e) {
        trouble = e;
        throw e;
      }
    }
    return engine;
  }

  /// How it is now. Never starts an engine.
  EngineHealth health() {
    return health(Engine::health);
  }

  /// How it was a moment ago, for those who show it: see [Engine#recentHealth].
  EngineHealth recentHealth() {
    return health(Engine::recentHealth);
  }

  /// Asks what [#recentHealth] will tell, and waits for nothing.
  void askHealth() {
    health(
        engine -> {
          engine.askHealth();
          return ASKED;
        });
  }

  private EngineHealth health(Function<Engine, EngineHealth> asked) {
    ResilientEngine made;
    EngineException.Unusable known;
    synchronized (this) {
      made = engine;
      known = trouble;
    }
    if (made != null) {
      return asked.apply(made);
    }
    EngineHealth health = unmade(asked);
    return known != null && health.state() != EngineHealth.State.UNUSABLE
        ? new EngineHealth(EngineHealth.State.UNUSABLE, String.valueOf(known.getMessage()), 0)
        : health;
  }

  /// Whether a request is worth a try, as [Models#mayAnswer] has it. One whose process is ours is
  /// started by the next request, whatever became of the last one.
  final boolean mayAnswer() {
    return switch (health().state()) {
      case READY, IDLE, UNUSABLE -> true;
      case STARTING -> false;
      case DOWN -> isMade() && startsItself();
    };
  }

  private synchronized boolean isMade() {
    return engine != null;
  }

  /// Whether its engine starts the process that holds the model.
  boolean startsItself() {
    return false;
  }

  /// What its engine can do, if it has said so.
  synchronized @Nullable Capabilities capabilities() {
    return engine == null ? null : engine.knownCapabilities();
  }

  /// Whether its engine is left alone; null as long as it has none.
  synchronized ResilientEngine.@Nullable Circuit circuit() {
    return engine == null ? null : engine.circuit();
  }

  @Override
  public void close() {
    ResilientEngine made;
    synchronized (this) {
      closed = true;
      made = engine;
    }
    if (made != null) {
      made.close();
    }
  }
}
