package dev.ponder.model;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.jllama.JllamaEngine;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.engine.llamaserver.KvSnapshotSettings;
import dev.ponder.engine.llamaserver.LlamaServerEngine;
import dev.ponder.engine.llamaserver.LlamaServerSettings;
import dev.ponder.engine.llamaserver.ManagedLlamaServer;
import dev.ponder.engine.llamaserver.ManagedModel;
import dev.ponder.engine.llamaserver.ManagedServerSettings;
import dev.ponder.engine.llamaserver.ServerConnection;
import dev.ponder.engine.llamaserver.ServerPlace;
import dev.ponder.engine.llamaserver.ServerProps;
import dev.ponder.engine.llamaserver.SnapshotStore;
import dev.ponder.engine.openai.Continuation;
import dev.ponder.engine.openai.OpenAiEngine;
import dev.ponder.engine.openai.OpenAiModel;
import dev.ponder.engine.openai.OpenAiSettings;
import dev.ponder.engine.openai.ReportedModel;
import dev.ponder.engine.resilience.ResilienceSettings;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.time.Probe;
import dev.ponder.time.Threads;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// Makes the engine that a profile asks for.
@Component
class Engines {

  /// A longer context has to be asked for: its memory is taken for every sequence at the start.
  private static final int CONTEXT_UNASKED = 32_768;

  private static final int CONTEXT_UNKNOWN = 2_048;

  private final ModelSettings settings;
  private final ResilienceSettings resilience;
  private final SeatSettings seat;
  private final LlamaServerSettings client;
  private final ManagedServerSettings managed;
  private final OpenAiSettings openAi;
  private final ObjectProvider<MeterRegistry> meters;
  private final InstantSource time;
  private final EmbeddedModel embedded;
  private final SnapshotStore snapshots;
  private final Threads threads = Threads.ofThePlatform();

  /// How each server is. As many as the settings name.
  private final Map<Server, Probe<EngineHealth>> probes = new ConcurrentHashMap<>();

  /// A server as one client of it sees it.
  private record Server(URI url, String authorization) {
    @Override
    public String toString() {
      return url.toString();
    }
  }

  Engines(
      ModelSettings settings,
      ResilienceSettings resilience,
      SeatSettings seat,
      LlamaServerSettings client,
      ManagedServerSettings managed,
      KvSnapshotSettings kept,
      OpenAiSettings openAi,
      ObjectProvider<MeterRegistry> meters,
      InstantSource time) {
    this.settings = settings;
    this.resilience = resilience;
    this.seat = seat;
    this.client = client;
    this.managed = managed;
    this.openAi = openAi;
    this.meters = meters;
    this.time = time;
    this.embedded = new EmbeddedModel(settings.data().resolve("models"));
    this.snapshots = new SnapshotStore(kept, settings.data().resolve("kv-snapshots"), time);
  }

  /// Loads nothing yet: the seat starts with the first request.
  ///
  /// @param file null is the embedded one
  /// @throws dev.ponder.engine.EngineException.Unusable if the file cannot be used
  Engine seat(String name, ModelProfile profile, @Nullable Path file) {
    Path model = file == null ? embedded.file() : file;
    Double pace = profile.pace();
    return new JllamaEngine(
        new JllamaModel(
            name,
            model,
            contextOf(GgufHeader.read(model), profile.context()),
            profile.sequencesOrOne(),
            profile.threadsOrOne(),
            pace == null ? settings.pace() : pace,
            profile.tags()),
        seat,
        time);
  }

  /// A llama-server of Ponder's own. Starts nothing yet: the server starts with the first request.
  ///
  /// @param file null is the embedded one
  /// @param options of its command line, beside those that the profile of the settings has
  /// @throws dev.ponder.engine.EngineException.Unusable if the file cannot be used
  Engine ownServer(String name, ModelProfile profile, @Nullable Path file, List<String> options) {
    ManagedModel model = managed(name, profile, file == null ? embedded.file() : file, options);
    return new ManagedLlamaServer(model, managed, client, snapshots, time);
  }

  /// What a llama-server is to load, and how.
  static ManagedModel managed(String name, ModelProfile profile, Path file, List<String> options) {
    return new ManagedModel(
        name,
        file,
        contextOf(GgufHeader.read(file), profile.context()),
        profile.sequencesOrOne(),
        profile.threads(),
        options,
        profile.tags());
  }

  /// Connects to nothing yet.
  Engine llamaServer(String name, ServerAddress url, ModelProfile profile) {
    ApiKey key = key(url, profile, client.key());
    return new LlamaServerEngine(
        new ServerConnection(
            name,
            url.uri(),
            key,
            ServerPlace.attached(snapshots),
            profile.tags(),
            probe(url.uri(), key),
            null),
        client,
        time);
  }

  /// The nearest of the keys that may be meant for a server.
  private @Nullable ApiKey key(ServerAddress url, ModelProfile profile, @Nullable ApiKey usual) {
    return ApiKey.firstOf(profile.key(), stated(url.authority()).key(), url.login(), usual);
  }

  /// Deletes what is kept of lines of thought on any engine.
  void forget(String affinity) {
    snapshots.forget(affinity);
  }

  /// Deletes what is kept of lines of thought that do not go on.
  void tidy(Predicate<String> goesOn) {
    snapshots.tidy(goesOn);
  }

  /// Connects to nothing yet.
  Engine openAi(OpenAiModel model) {
    return new OpenAiEngine(model, openAi, probe(model.url(), model.key()), time);
  }

  private Probe<EngineHealth> probe(URI url, @Nullable ApiKey key) {
    return probes.computeIfAbsent(
        new Server(url, key == null ? "" : key.authorization()), it -> new Probe<>(threads));
  }

  /// @param known the name that the server knows it by, unless the settings say another
  OpenAiModel openAi(String name, String known, ServerAddress url, ModelProfile profile) {
    Continuation continuation = profile.continuation();
    return new OpenAiModel(
        name,
        profile.servedAs() == null ? known : profile.servedAs(),
        url.uri(),
        key(url, profile, openAi.key()),
        continuation == null ? Continuation.AUTO : continuation,
        profile.sequences(),
        profile.context(),
        profile.tags());
  }

  /// What the settings say of a model, or of a server under its address.
  private ModelProfile stated(String name) {
    ModelProfile stated = settings.models().get(name);
    return stated == null ? ModelProfile.unknown() : stated;
  }

  /// The names of the models that a server has now.
  ///
  /// @throws dev.ponder.engine.EngineException if it does not answer
  List<String> reported(ServerAddress url, boolean listing) {
    String name = url.authority();
    ModelProfile stated = stated(name);
    if (listing) {
      OpenAiModel model = openAi(name, name, url, stated);
      try (OpenAiEngine server =
          new OpenAiEngine(model, openAi.within(settings.attachLimit()), time)) {
        return server.reported().stream().map(ReportedModel::id).toList();
      }
    }
    LlamaServerSettings brief =
        new LlamaServerSettings(null, settings.attachLimit(), settings.attachLimit());
    try (LlamaServerEngine server =
        new LlamaServerEngine(
            ServerConnection.to(name, url.uri(), key(url, stated, client.key())), brief, time)) {
      return List.of(nameIn(server.props()));
    }
  }

  /// The alias, or the name of the file. A server without an alias reports the whole path.
  private static String nameIn(ServerProps props) {
    String name = props.alias().isBlank() ? props.modelPath() : props.alias();
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    return last.endsWith(".gguf") ? last.substring(0, last.length() - ".gguf".length()) : name;
  }

  /// Models of one server at most.
  int listedMax() {
    return openAi.modelsMax();
  }

  /// Tokens of one sequence: as many as asked for, else what the model was trained for, within
  /// reason.
  static int contextOf(GgufHeader header, @Nullable Integer asked) {
    int trained = header.contextTokens();
    return asked != null
        ? asked
        : trained < 64 ? CONTEXT_UNKNOWN : Math.min(trained, CONTEXT_UNASKED);
  }

  /// The engine as jobs use it: tried again, and left alone while it keeps failing.
  ResilientEngine resilient(Engine engine) {
    ResilientEngine resilient = new ResilientEngine(engine, resilience, time);
    meters.ifAvailable(resilient::bindTo);
    return resilient;
  }
}
