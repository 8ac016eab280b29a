package dev.ponder.model;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.resilience.ResilientEngine;
import java.util.function.Function;

/// A model that a server of its own holds, described by the settings.
final class ServerModel extends ServedModel {

  private final String name;
  private final ModelProfile profile;
  private final ServerAddress url;
  private final Engines engines;

  ServerModel(String name, ModelProfile profile, ServerAddress url, Engines engines) {
    this.name = name;
    this.profile = profile;
    this.url = url;
    this.engines = engines;
  }

  @Override
  String name() {
    return name;
  }

  @Override
  String kind() {
    return profile.openAi() ? ModelProfile.OPENAI : ModelProfile.LLAMA_SERVER;
  }

  @Override
  ModelProfile profile() {
    return profile;
  }

  @Override
  ResilientEngine make() {
    return profile.openAi()
        ? engines.openAi(engines.openAi(name, name, url, profile))
        : engines.llamaServer(name, url, profile);
  }

  @Override
  EngineHealth unmade(Function<Engine, EngineHealth> asked) {
    return healthOf(this, asked);
  }

  /// An engine that only connects can be made to ask how its server is: that starts nothing.
  static EngineHealth healthOf(ServedModel model, Function<Engine, EngineHealth> asked) {
    try {
      return asked.apply(model.engine());
    } catch (EngineException e) {
      return new EngineHealth(EngineHealth.State.DOWN, String.valueOf(e.getMessage()), 0);
    }
  }
}
