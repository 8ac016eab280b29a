package dev.ponder.model;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.model.profile.Profile;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A model that an attached OpenAI-compatible server lists.
final class ListedModel extends ServedModel {

  private final ServerAddress url;
  private final ModelSettings settings;
  private final Engines engines;
  private final ProfiledModels shelf;
  private final String address;
  private volatile Names names;

  /// @param own what jobs ask for
  /// @param served what the server is asked for
  private record Names(String own, String served) {}

  ListedModel(
      ServerAddress url,
      String name,
      ModelSettings settings,
      Engines engines,
      ProfiledModels shelf) {
    this.url = url;
    this.settings = settings;
    this.engines = engines;
    this.shelf = shelf;
    this.address = name;
    this.names = new Names(name, name);
  }

  /// The server has said what it is called.
  void named(String own, String served) {
    names = new Names(own, served);
  }

  @Override
  String name() {
    return names.own();
  }

  @Override
  boolean answersTo(String asked) {
    return asked.equals(name()) || asked.equals(address);
  }

  @Override
  String kind() {
    return ModelProfile.OPENAI;
  }

  @Override
  ModelProfile profile() {
    ModelProfile stated = settings.models().get(name());
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
    return engines.openAi(engines.openAi(name(), names.served(), url, profile()));
  }

  @Override
  EngineHealth unmade(Function<Engine, EngineHealth> asked) {
    return ServerModel.healthOf(this, asked);
  }
}
