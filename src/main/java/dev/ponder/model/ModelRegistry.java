package dev.ponder.model;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.time.Probe;
import dev.ponder.time.Threads;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.stereotype.Component;

/// All models that are configured or attached. A model that cannot be used is listed with the
/// reason and stops nothing else.
@Component
class ModelRegistry implements Models, AutoCloseable {

  private final List<AttachedServer> servers = new ArrayList<>();
  private final List<ServedModel> others = new ArrayList<>();
  private final Engines engines;
  private final ServedModel standard;

  /// Whether all attached servers have said what they hold.
  private final Probe<Boolean> names = new Probe<>(Threads.ofThePlatform());

  ModelRegistry(ModelSettings settings, Engines engines, ProfiledModels shelf, InstantSource time) {
    this.engines = engines;
    for (ServerAddress url : settings.llamaServer()) {
      servers.add(new AttachedServer(url, false, settings, engines, shelf, time));
    }
    for (ServerAddress url : settings.openai()) {
      servers.add(new AttachedServer(url, true, settings, engines, shelf, time));
    }
    others.addAll(shelf.models(settings));
    new TreeMap<>(settings.models())
        .forEach(
            (name, profile) -> {
              boolean somewhere = profile.file() != null || profile.url() != null;
              if (somewhere && !shelf.describes(name)) {
                others.add(new ServedModel(name, new ServedModel.Configured(profile), engines));
              }
            });
    learnNames();
    standard = attached().findFirst().orElseGet(() -> named(settings.defaultModel()));
    FallbackCheck.check(models(), settings.models().keySet(), namesToCome());
  }

  private Stream<ServedModel> attached() {
    return servers.stream().flatMap(server -> server.models().stream());
  }

  /// Every model, modes and replaced ones included: those of attached servers before those that
  /// they take the place of.
  private List<ServedModel> models() {
    return Stream.concat(attached(), others.stream()).toList();
  }

  /// Whether an attached server has yet to say what it holds.
  private boolean namesToCome() {
    return servers.stream().anyMatch(server -> !server.known());
  }

  private ServedModel named(String name) {
    ServedModel model = find(name);
    if (model == null) {
      throw new InvalidConfigurationPropertyValueException(
          "ponder.default-model",
          name,
          "There is no such model. The models under ponder.models are: %s."
              .formatted(models().stream().map(ServedModel::name).toList()));
    }
    return model;
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>(all().stream().map(ServedModel::name).toList());
    models().forEach(model -> names.addAll(model.names()));
    return names.stream().distinct().toList();
  }

  @Override
  public String defaultModel() {
    learnNames();
    return standard.name();
  }

  @Override
  public String pipeline(String model) {
    ServedModel found = find(model);
    return found == null ? ModelProfile.UNKNOWN_PIPELINE : found.profile().usualPipeline();
  }

  @Override
  public Engine engine(String model) {
    ServedModel found = find(model);
    if (found == null) {
      learnNames();
      found = find(model);
    }
    if (found == null) {
      throw new EngineException.Unavailable(
          "There is no model '%s' here now; there are %s. Configure ponder.models.%s or attach its server (--llama-server URL): the job goes on by itself then."
              .formatted(model, names(), model),
          null);
    }
    return found.engine();
  }

  @Override
  public void forget(String affinity) {
    engines.forget(affinity);
  }

  @Override
  public void tidy(Predicate<String> goesOn) {
    engines.tidy(goesOn);
  }

  @Override
  public List<String> fallbacks(String model) {
    ServedModel found = find(model);
    return found == null ? List.of() : found.profile().fallbacks();
  }

  @Override
  public boolean resting(String model) {
    ServedModel found = find(model);
    return found != null && found.circuit() == ResilientEngine.Circuit.OPEN;
  }

  @Override
  public boolean mayAnswer(String model) {
    ServedModel found = find(model);
    if (found == null) {
      learnNames();
      found = find(model);
    }
    return found != null && found.mayAnswer();
  }

  /// All models, as [#all] has them, for those who show how they are. All servers are asked by
  /// then, and nobody waits for one after the other.
  List<ServedModel> shown() {
    if (namesToCome()) {
      names.answer(this::learnedNames, () -> false);
    }
    List<ServedModel> shown = known();
    shown.forEach(ServedModel::askHealth);
    return shown;
  }

  private boolean learnedNames() {
    learnNames();
    return !namesToCome();
  }

  /// All models, the default first. Modes stand with their model, and a profile is left out where
  /// an attached server holds its model.
  List<ServedModel> all() {
    learnNames();
    return known();
  }

  private List<ServedModel> known() {
    return Stream.concat(Stream.of(standard), models().stream().filter(model -> model != standard))
        .filter(model -> !model.isMode() && !isReplaced(model))
        .toList();
  }

  private boolean isReplaced(ServedModel model) {
    return model.yields() && attached().anyMatch(server -> model.answersTo(server.name()));
  }

  boolean isDefault(ServedModel model) {
    return model == standard;
  }

  @Override
  public void close() {
    models().forEach(ServedModel::close);
  }

  private void learnNames() {
    for (AttachedServer server : servers) {
      server.learnItsNames(name -> isTaken(name, server.models()));
    }
  }

  private boolean isTaken(String name, List<ServedModel> own) {
    return models().stream()
        .anyMatch(other -> !own.contains(other) && !other.yields() && other.answersTo(name));
  }

  private @Nullable ServedModel find(String name) {
    return models().stream().filter(model -> model.answersTo(name)).findFirst().orElse(null);
  }
}
