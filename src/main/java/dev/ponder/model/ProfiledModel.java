package dev.ponder.model;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.model.profile.Profile;
import dev.ponder.model.store.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A model that a profile describes, or a mode of it. Its file may still have to be pulled.
final class ProfiledModel extends ServedModel {

  private final Profile profile;
  private final ModelProfile served;
  private final ProfiledModels shelf;
  private @Nullable Seen seen;

  /// @param served how an engine is to serve it: the profile with the settings laid over it
  ProfiledModel(Profile profile, ModelProfile served, ProfiledModels shelf) {
    this.profile = profile;
    this.served = served;
    this.shelf = shelf;
  }

  @Override
  String name() {
    return profile.name();
  }

  @Override
  List<String> names() {
    List<String> names = new ArrayList<>(List.of(profile.name()));
    names.addAll(profile.aliases());
    return names;
  }

  @Override
  String kind() {
    return profile.engine();
  }

  @Override
  ModelProfile profile() {
    return served;
  }

  @Override
  Profile described() {
    return profile;
  }

  /// A server that is attached and reports this name takes its place.
  @Override
  boolean yields() {
    return !served.embedded() && served.url() == null;
  }

  @Override
  boolean startsItself() {
    return served.url() == null && !served.openAi();
  }

  @Override
  ResilientEngine make() {
    if (served.embedded() || served.url() != null) {
      return shelf.engines().profiled(profile, served, null);
    }
    if (served.openAi()) {
      throw new EngineException.Unavailable(withoutServer(), null);
    }
    Path file = file();
    if (!Files.exists(file)) {
      shelf.wanted(profile);
      throw new EngineException.Unavailable(missing(file), null);
    }
    GgufHeader header = ModelFile.check(file, profile);
    shelf.memory().check(name(), estimate(header, file), profile);
    return shelf.engines().profiled(profile, served, file);
  }

  @Override
  EngineHealth unmade(Function<Engine, EngineHealth> asked) {
    if (served.url() != null) {
      return ServerModel.healthOf(this, asked);
    }
    if (served.embedded()) {
      return idle();
    }
    if (served.openAi()) {
      return new EngineHealth(State.DOWN, withoutServer(), 0);
    }
    Path file = file();
    if (!Files.exists(file)) {
      return new EngineHealth(State.DOWN, missing(file), 0);
    }
    try {
      shelf.memory().check(name(), estimate(header(file), file), profile);
      return idle();
    } catch (EngineException e) {
      return new EngineHealth(State.UNUSABLE, String.valueOf(e.getMessage()), 0);
    }
  }

  private EngineHealth idle() {
    return new EngineHealth(
        State.IDLE, "Model %s starts with the first request.".formatted(name()), 0);
  }

  /// Not pulled and being pulled are no states of an engine, which there is none of yet.
  @Override
  String state() {
    if (needsFile() && !Files.exists(file())) {
      return shelf.pulling(profile) ? "pulling" : "not_pulled";
    }
    return super.state();
  }

  @Override
  @Nullable String file(ModelProfile ignored) {
    return needsFile() ? file().toString() : served.file();
  }

  @Override
  @Nullable MemoryEstimate memory() {
    if (!needsFile() || !Files.exists(file())) {
      return null;
    }
    try {
      return estimate(header(file()), file());
    } catch (EngineException unusable) {
      return null;
    }
  }

  /// A model that some server holds needs none here, and the embedded one is.
  private boolean needsFile() {
    return served.url() == null && !served.embedded() && !served.openAi();
  }

  private String withoutServer() {
    return "Model %s runs on an OpenAI-compatible server, and none is known: set ponder.models.%s.url, or attach one that reports this name (--openai URL)."
        .formatted(name(), Engines.base(name()));
  }

  private Path file() {
    return shelf.file(profile, served);
  }

  private String missing(Path file) {
    return shelf.missing(profile, file);
  }

  private static final int BATCH_UNSTATED = 2048;

  private MemoryEstimate estimate(GgufHeader header, Path file) {
    int context =
        profile.whole("context").orElse(Engines.contextOf(header, null) * profile.sequences());
    try {
      return MemoryEstimate.of(
          header,
          Files.size(file),
          context,
          profile.whole("batch").orElse(BATCH_UNSTATED),
          profile.kvType(),
          profile.on("flashAttention"));
    } catch (IOException e) {
      throw new EngineException.Unusable(
          "The model file %s cannot be read: %s.".formatted(file, e), e);
    }
  }

  /// A header that was read and checked, for as long as its file is the same.
  private record Seen(FileTime changed, long bytes, GgufHeader header) {}

  private synchronized GgufHeader header(Path file) {
    try {
      FileTime changed = Files.getLastModifiedTime(file);
      long bytes = Files.size(file);
      Seen known = seen;
      if (known == null || !known.changed().equals(changed) || known.bytes() != bytes) {
        known = new Seen(changed, bytes, ModelFile.check(file, profile));
        seen = known;
      }
      return known.header();
    } catch (IOException e) {
      throw new EngineException.Unusable(
          "The model file %s cannot be read: %s.".formatted(file, e), e);
    }
  }
}
