package dev.ponder.model;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.jllama.seat.Architectures;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.model.profile.Profile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A model that jobs can ask for, and its engine once it has one.
final class ServedModel implements AutoCloseable {

  private static final EngineHealth ASKED =
      new EngineHealth(State.DOWN, "The server is being asked.", 0);

  private final Source source;
  private final Engines engines;

  /// Jobs that were given this name find the model, whatever it is called later.
  private final String firstName;

  private volatile Names names;
  private @Nullable ResilientEngine engine;
  private EngineException.@Nullable Unusable trouble;
  private boolean closed;

  /// Who describes it, and where it is.
  sealed interface Source {}

  /// The settings describe a file, or a server.
  record Configured(ModelProfile profile) implements Source {}

  /// A profile describes it, or a mode of a profile.
  ///
  /// @param served the profile with the settings laid over it
  /// @param file that Ponder loads; null where the file is embedded or a server holds the model
  record Profiled(Profile profile, ModelProfile served, @Nullable ProfiledFile file)
      implements Source {}

  /// A server that somebody else started holds it and says its name.
  record Attached(AttachedServer server) implements Source {}

  /// @param own what jobs ask for
  /// @param served what its server is asked for
  private record Names(String own, String served) {}

  ServedModel(String name, Source source, Engines engines) {
    this.firstName = name;
    this.names = new Names(name, name);
    this.source = source;
    this.engines = engines;
  }

  /// Its server has said what it is called.
  void named(String own, String served) {
    names = new Names(own, served);
  }

  String name() {
    return names.own();
  }

  /// All names a job can ask for it by, its own first.
  List<String> names() {
    List<String> all = new ArrayList<>(List.of(name()));
    if (source instanceof Profiled it) {
      all.addAll(it.profile().aliases());
    }
    return all;
  }

  /// Whether a job that was given this name means this model.
  boolean answersTo(String asked) {
    return asked.equals(firstName) || names().contains(asked);
  }

  /// What the settings and its profile say of it.
  ModelProfile profile() {
    return switch (source) {
      case Configured(ModelProfile profile) -> profile;
      case Profiled it -> it.served();
      case Attached(AttachedServer server) -> server.profile(name());
    };
  }

  /// The profile it is described by, if it is.
  @Nullable Profile described() {
    return switch (source) {
      case Configured configured -> null;
      case Profiled it -> it.profile();
      case Attached(AttachedServer server) -> server.described(name());
    };
  }

  /// The kind of its engine, as a profile writes it.
  String kind() {
    if (source instanceof Profiled it) {
      return it.profile().engine();
    }
    if (openAi()) {
      return ModelProfile.OPENAI;
    }
    return server() != null || profile().managed()
        ? ModelProfile.LLAMA_SERVER
        : ModelProfile.JLLAMA;
  }

  private boolean openAi() {
    return source instanceof Attached(AttachedServer server) ? server.openAi() : profile().openAi();
  }

  /// The server that somebody else started for it, if any.
  private @Nullable ServerAddress server() {
    return source instanceof Attached(AttachedServer server) ? server.url() : profile().url();
  }

  private @Nullable ProfiledFile ownFile() {
    return source instanceof Profiled it ? it.file() : null;
  }

  boolean isMode() {
    return source instanceof Profiled it && !it.profile().base().equals(it.profile().name());
  }

  /// Whether an attached server that reports its name takes its place.
  boolean yields() {
    return source instanceof Profiled it && !it.served().embedded() && server() == null;
  }

  /// Whether its engine starts the process that holds the model.
  private boolean startsItself() {
    return server() == null && !openAi();
  }

  /// How it is in a word, as the API says it. A model that is not pulled yet has no engine, so two
  /// states are its own.
  String state() {
    ProfiledFile file = ownFile();
    return file != null && !file.exists()
        ? file.pulling() ? "pulling" : "not_pulled"
        : recentHealth().state().name().toLowerCase(Locale.ROOT);
  }

  /// The file as the API shows it.
  @Nullable String file() {
    ProfiledFile file = ownFile();
    return file == null ? profile().file() : file.path().toString();
  }

  /// What it takes of memory, if that can be told without loading it.
  @Nullable MemoryEstimate memory() {
    ProfiledFile file = ownFile();
    return file == null ? null : file.memory();
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

  /// Makes the engine; starts nothing.
  private ResilientEngine make() {
    ServerAddress url = server();
    Engine plain = url == null ? loading() : asking(url);
    return engines.resilient(
        source instanceof Profiled it ? new ProfiledEngine(plain, it.profile()) : plain);
  }

  private Engine asking(ServerAddress url) {
    // A mode has the server of its model, which knows nothing of modes.
    String served = source instanceof Profiled it ? it.profile().base() : names.served();
    return openAi()
        ? engines.openAi(engines.openAi(name(), served, url, profile()))
        : engines.llamaServer(name(), url, profile());
  }

  private Engine loading() {
    if (openAi()) {
      throw new EngineException.Unavailable(withoutServer(), null);
    }
    ModelProfile served = profile();
    ProfiledFile own = ownFile();
    String configured = served.file();
    Path file =
        own != null
            ? own.ready()
            : served.embedded() || configured == null ? null : Path.of(configured);
    return kind().equals(ModelProfile.JLLAMA)
        ? engines.seat(name(), served, file)
        : engines.ownServer(name(), served, file, options());
  }

  private List<String> options() {
    return source instanceof Profiled it ? it.profile().llamaServerOptions() : List.of();
  }

  /// How it is as long as it has no engine.
  ///
  /// @param asked how an engine is asked: one that only connects can be made for it, which starts
  ///     nothing
  private EngineHealth unmade(Function<Engine, EngineHealth> asked) {
    if (server() != null) {
      try {
        return asked.apply(engine());
      } catch (EngineException e) {
        return new EngineHealth(State.DOWN, String.valueOf(e.getMessage()), 0);
      }
    }
    if (openAi()) {
      return new EngineHealth(State.DOWN, withoutServer(), 0);
    }
    ProfiledFile own = ownFile();
    if (own != null && !own.exists()) {
      return new EngineHealth(State.DOWN, own.missing(), 0);
    }
    try {
      checkFile(own);
      return new EngineHealth(
          State.IDLE, "Model %s starts with the first request.".formatted(name()), 0);
    } catch (EngineException e) {
      return new EngineHealth(State.UNUSABLE, String.valueOf(e.getMessage()), 0);
    }
  }

  /// Reads the header, so that a bad file shows before a job needs it.
  private void checkFile(@Nullable ProfiledFile own) {
    String configured = profile().file();
    if (own != null) {
      own.check();
    } else if (!profile().embedded() && configured != null) {
      GgufHeader header = GgufHeader.read(Path.of(configured));
      if (!profile().managed()) {
        Architectures.check(header);
      }
    }
  }

  private String withoutServer() {
    return "Model %s runs on an OpenAI-compatible server, and none is known: set ponder.models.%s.url, or attach one that reports this name (--openai URL)."
        .formatted(name(), source instanceof Profiled it ? it.profile().base() : name());
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
    return known != null && health.state() != State.UNUSABLE
        ? new EngineHealth(State.UNUSABLE, String.valueOf(known.getMessage()), 0)
        : health;
  }

  /// Whether a request is worth a try, as [Models#mayAnswer] has it. One whose process is ours is
  /// started by the next request, whatever became of the last one.
  boolean mayAnswer() {
    return switch (health().state()) {
      case READY, IDLE, UNUSABLE -> true;
      case STARTING -> false;
      case DOWN -> isMade() && startsItself();
    };
  }

  private synchronized boolean isMade() {
    return engine != null;
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
