package dev.ponder.model;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.jllama.seat.Architectures;
import dev.ponder.engine.resilience.ResilientEngine;
import java.nio.file.Path;
import java.util.function.Function;

/// A model that is loaded from a file.
final class FileModel extends ServedModel {

  private final String name;
  private final ModelProfile profile;
  private final String file;
  private final Engines engines;

  FileModel(String name, ModelProfile profile, String file, Engines engines) {
    this.name = name;
    this.profile = profile;
    this.file = file;
    this.engines = engines;
  }

  @Override
  String name() {
    return name;
  }

  @Override
  String kind() {
    return profile.managed() ? ModelProfile.LLAMA_SERVER : ModelProfile.JLLAMA;
  }

  @Override
  ModelProfile profile() {
    return profile;
  }

  @Override
  ResilientEngine make() {
    return profile.managed()
        ? engines.managedServer(name, profile, file)
        : engines.jllama(name, profile, file);
  }

  @Override
  boolean startsItself() {
    return true;
  }

  /// Reads the header of the file, so that a bad file shows before a job needs it.
  @Override
  EngineHealth unmade(Function<Engine, EngineHealth> asked) {
    try {
      if (!profile.embedded()) {
        GgufHeader header = GgufHeader.read(Path.of(file));
        if (!profile.managed()) {
          Architectures.check(header);
        }
      }
      String idle = "Model %s starts with the first request.".formatted(name);
      return new EngineHealth(State.IDLE, idle, 0);
    } catch (EngineException e) {
      return new EngineHealth(State.UNUSABLE, String.valueOf(e.getMessage()), 0);
    }
  }
}
