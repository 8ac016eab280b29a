package dev.ponder.model;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.model.profile.Profile;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server that somebody else started, with a model for each name that it reports: a llama-server
/// has one model, an OpenAI-compatible server lists them. Until the server has answered there is
/// one model, named by the server's address; the first model keeps that name too.
final class AttachedServer {

  private static final Logger LOG = LoggerFactory.getLogger(AttachedServer.class);
  private static final int NAME_MAX = 200;
  private static final int LEFT_OUT_SHOWN = 5;

  private final ServerAddress url;
  private final boolean openAi;
  private final ModelSettings settings;
  private final Engines engines;
  private final ProfiledModels shelf;
  private final InstantSource time;
  private final List<ServedModel> models = new CopyOnWriteArrayList<>();
  private final ReentrantLock asking = new ReentrantLock();
  private volatile boolean known;
  private @Nullable Instant asked;

  AttachedServer(
      ServerAddress url,
      boolean openAi,
      ModelSettings settings,
      Engines engines,
      ProfiledModels shelf,
      InstantSource time) {
    this.url = url;
    this.openAi = openAi;
    this.settings = settings;
    this.engines = engines;
    this.shelf = shelf;
    this.time = time;
    models.add(model(url.authority()));
  }

  private ServedModel model(String name) {
    return new ServedModel(name, new ServedModel.Attached(this), engines);
  }

  ServerAddress url() {
    return url;
  }

  boolean openAi() {
    return openAi;
  }

  /// At least one.
  List<ServedModel> models() {
    return models;
  }

  /// Whether the server has said which models it has.
  boolean known() {
    return known;
  }

  /// The profile that describes a model of this name.
  @Nullable Profile described(String name) {
    return shelf.find(name).orElse(null);
  }

  /// What is said of a model of this name, as far as it is for us to say.
  ModelProfile profile(String name) {
    ModelProfile stated = settings.models().get(name);
    Profile profile = described(name);
    if (profile != null) {
      return ProfiledModels.served(profile, stated).onItsServer();
    }
    return stated == null ? ModelProfile.unknown() : stated;
  }

  /// Asks the server which models it has, unless that is known, was asked a moment ago or is being
  /// asked by somebody else.
  ///
  /// @param taken names that models of others have
  void learnItsNames(Predicate<String> taken) {
    if (known || !asking.tryLock()) {
      return;
    }
    try {
      Instant now = time.instant();
      if (known || (asked != null && now.isBefore(asked.plus(settings.attachInterval())))) {
        return;
      }
      asked = now;
      accept(engines.reported(url, openAi), taken);
    } catch (EngineException e) {
      LOG.warn("{} It is asked again when it is needed.", e.getMessage());
    } finally {
      asking.unlock();
    }
  }

  private void accept(List<String> reported, Predicate<String> taken) {
    if (reported.isEmpty()) {
      LOG.warn("The server at {} lists no model yet. It is asked again when it is needed.", url);
      return;
    }
    ServedModel first = models.getFirst();
    boolean unnamed = true;
    int most = Math.min(engines.listedMax(), reported.size());
    if (most < reported.size()) {
      List<String> left = reported.subList(most, reported.size());
      LOG.warn(
          "The server at {} lists {} models, and {} of one server are taken at most (ponder.engine.openai.models-max). Left out: {}{}. Raise the limit, or describe those you need under ponder.models.",
          url,
          reported.size(),
          most,
          String.join(
              ", ", left.stream().limit(LEFT_OUT_SHOWN).map(AttachedServer::shown).toList()),
          left.size() > LEFT_OUT_SHOWN ? ", …" : "");
    }
    for (String name : reported.subList(0, most)) {
      boolean usable = !name.isBlank() && name.length() <= NAME_MAX;
      if (!usable || taken.test(name)) {
        LOG.warn(
            "The server at {} has a model '{}', which is {}. It is left out under that name.",
            url,
            shown(name),
            usable ? "the name of another" : "no usable name");
      } else if (unnamed) {
        unnamed = false;
        first.named(name, name);
      } else {
        models.add(model(name));
      }
    }
    if (unnamed) {
      // It is asked for by its address then.
      first.named(url.authority(), reported.getFirst());
    }
    known = true;
    LOG.info(
        "Models of {}: {}.{}",
        url,
        models.stream().map(ServedModel::name).toList(),
        openAi
            ? ""
            : " It should run with --cache-ram 0: the prompt cache has mixed up conversations, and whether it is on cannot be asked.");
  }

  private static String shown(String name) {
    return name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX) + "…";
  }
}
