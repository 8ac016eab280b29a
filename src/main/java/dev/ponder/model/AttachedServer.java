package dev.ponder.model;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.openai.ReportedModel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An attached OpenAI-compatible server, with a model for each name that it lists. Until it has
/// listed them there is one, named by the server's address; the first one keeps that name too.
final class AttachedServer {

  private static final Logger LOG = LoggerFactory.getLogger(AttachedServer.class);
  private static final int NAME_MAX = 200;
  private static final int LEFT_OUT_SHOWN = 5;

  private final ServerAddress url;
  private final ModelSettings settings;
  private final Engines engines;
  private final ProfiledModels shelf;
  private final InstantSource time;
  private final List<ListedModel> models = new CopyOnWriteArrayList<>();
  private final ReentrantLock asking = new ReentrantLock();
  private volatile boolean listed;
  private @Nullable Instant asked;

  AttachedServer(
      ServerAddress url,
      ModelSettings settings,
      Engines engines,
      ProfiledModels shelf,
      InstantSource time) {
    this.url = url;
    this.settings = settings;
    this.engines = engines;
    this.shelf = shelf;
    this.time = time;
    models.add(new ListedModel(url, url.authority(), settings, engines, shelf));
  }

  /// At least one.
  List<ListedModel> models() {
    return models;
  }

  /// Whether it has said which models it has.
  boolean known() {
    return listed;
  }

  /// Asks the server which models it has, unless that is known, was asked a moment ago or is being
  /// asked by somebody else.
  ///
  /// @param taken names that models of others have
  void learnItsNames(Predicate<String> taken) {
    if (listed || !asking.tryLock()) {
      return;
    }
    try {
      Instant now = time.instant();
      Duration interval = settings.attachInterval();
      if (listed || (asked != null && now.isBefore(asked.plus(interval)))) {
        return;
      }
      asked = now;
      accept(engines.askOpenAi(url.authority(), url), taken);
    } catch (EngineException e) {
      LOG.warn("{} It is asked again when it is needed.", e.getMessage());
    } finally {
      asking.unlock();
    }
  }

  private static String shown(ReportedModel model) {
    String id = model.id();
    return id.length() <= NAME_MAX ? id : id.substring(0, NAME_MAX) + "…";
  }

  private void accept(List<ReportedModel> reported, Predicate<String> taken) {
    if (reported.isEmpty()) {
      LOG.warn("The server at {} lists no model yet. It is asked again when it is needed.", url);
      return;
    }
    ListedModel first = models.getFirst();
    boolean unnamed = true;
    int most = engines.listedMax();
    if (reported.size() > most) {
      LOG.warn(
          "The server at {} lists {} models, and {} of one server are taken at most (ponder.engine.openai.models-max). Left out: {}{}. Raise the limit, or describe those you need under ponder.models.",
          url,
          reported.size(),
          most,
          reported.stream()
              .skip(most)
              .limit(LEFT_OUT_SHOWN)
              .map(AttachedServer::shown)
              .collect(Collectors.joining(", ")),
          reported.size() - most > LEFT_OUT_SHOWN ? ", …" : "");
    }
    for (ReportedModel model : reported.subList(0, Math.min(most, reported.size()))) {
      if (model.id().length() > NAME_MAX || taken.test(model.id())) {
        LOG.warn(
            "The server at {} lists a model '{}', which is {}. It is left out.",
            url,
            shown(model),
            model.id().length() <= NAME_MAX ? "the name of another" : "too long for a name");
      } else if (unnamed) {
        unnamed = false;
        first.named(model.id(), model.id());
      } else {
        models.add(new ListedModel(url, model.id(), settings, engines, shelf));
      }
    }
    if (unnamed) {
      // It is asked for by its address then.
      first.named(url.authority(), reported.getFirst().id());
    }
    listed = true;
    LOG.info("Models of {}: {}.", url, models.stream().map(ServedModel::name).toList());
  }
}
