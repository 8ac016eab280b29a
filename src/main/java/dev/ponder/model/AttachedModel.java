package dev.ponder.model;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.llamaserver.ServerProps;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.model.profile.Profile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The model of an attached llama-server. It is named by the server's address until the server has
/// said which model it holds; jobs that were given the address find it afterwards as well.
final class AttachedModel extends ServedModel {

  private static final Logger LOG = LoggerFactory.getLogger(AttachedModel.class);
  private static final int NAME_MAX = 200;

  private final ServerAddress url;
  private final Map<String, ModelProfile> profiles;
  private final ProfiledModels shelf;
  private final Engines engines;
  private final Duration interval;
  private final InstantSource time;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable String reported;
  private @Nullable Instant asked;

  AttachedModel(
      ServerAddress url,
      ModelSettings settings,
      Engines engines,
      ProfiledModels shelf,
      InstantSource time) {
    this.shelf = shelf;
    this.url = url;
    this.profiles = settings.models();
    this.engines = engines;
    this.interval = settings.attachInterval();
    this.time = time;
  }

  @Override
  String name() {
    String name = reported;
    return name == null ? url.authority() : name;
  }

  @Override
  boolean answersTo(String asked) {
    return asked.equals(name()) || asked.equals(url.authority());
  }

  @Override
  String kind() {
    return ModelProfile.LLAMA_SERVER;
  }

  @Override
  ModelProfile profile() {
    ModelProfile stated = profiles.get(name());
    Profile profile = described();
    if (profile != null) {
      return ProfiledModels.served(profile, stated).onItsServer();
    }
    return stated == null ? ModelProfile.unknown() : stated;
  }

  @Override
  @Nullable Profile described() {
    return shelf.find(name()).orElse(null);
  }

  @Override
  ResilientEngine make() {
    return engines.llamaServer(name(), url, profile());
  }

  @Override
  EngineHealth unmade(Function<Engine, EngineHealth> asked) {
    return ServerModel.healthOf(this, asked);
  }

  /// Whether it has said which model it holds.
  boolean known() {
    return reported != null;
  }

  /// Asks the server which model it holds, unless that is known, was asked a moment ago or is being
  /// asked by somebody else.
  ///
  /// @param taken names that other models have; a server that reports one keeps its address
  void learnItsName(Predicate<String> taken) {
    if (reported != null || !asking.tryLock()) {
      return;
    }
    try {
      Instant now = time.instant();
      if (reported != null || (asked != null && now.isBefore(asked.plus(interval)))) {
        return;
      }
      asked = now;
      accept(nameIn(engines.ask(url.authority(), url)), taken);
    } catch (EngineException e) {
      LOG.warn("{} It is asked again when it is needed.", e.getMessage());
    } finally {
      asking.unlock();
    }
  }

  private void accept(String name, Predicate<String> taken) {
    boolean usable = !name.isBlank() && name.length() <= NAME_MAX;
    if (usable && !taken.test(name)) {
      reported = name;
    } else {
      LOG.warn(
          "The llama-server at {} reports the model name '{}', which is {}. It is named {} here.",
          url,
          name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX) + "…",
          usable ? "taken" : "unusable",
          url.authority());
      reported = url.authority();
    }
    LOG.info(
        "Model '{}' is attached at {}. Its server should run with --cache-ram 0: the prompt cache has mixed up conversations, and whether it is on cannot be asked.",
        name(),
        url);
  }

  /// The alias, or the name of the file. A server without an alias reports the whole path.
  private static String nameIn(ServerProps props) {
    String name = props.alias().isBlank() ? props.modelPath() : props.alias();
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    return last.endsWith(".gguf") ? last.substring(0, last.length() - ".gguf".length()) : name;
  }
}
