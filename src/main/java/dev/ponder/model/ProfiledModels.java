package dev.ponder.model;

import dev.ponder.engine.http.ServerAddress;
import dev.ponder.model.profile.Profile;
import dev.ponder.model.profile.Profiles;
import dev.ponder.model.profile.Source;
import dev.ponder.model.store.ModelStore;
import dev.ponder.model.store.StoreSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.stereotype.Component;

/// The models that profiles describe, and what they need to be served: their files, the pulls that
/// bring them, the memory there is, and the engines.
@Component
class ProfiledModels {

  private final Profiles profiles;
  private final ModelStore store;
  private final BackgroundPulls pulls;
  private final StoreSettings settings;
  private final MemoryCheck memory;
  private final Engines engines;

  ProfiledModels(
      Profiles profiles,
      ModelStore store,
      BackgroundPulls pulls,
      StoreSettings settings,
      MemoryCheck memory,
      Engines engines) {
    this.profiles = profiles;
    this.store = store;
    this.pulls = pulls;
    this.settings = settings;
    this.memory = memory;
    this.engines = engines;
  }

  /// The profiles and their modes as models, with the settings of `ponder.models.<name>` laid over
  /// those of the same name.
  List<ServedModel> models(ModelSettings configured) {
    List<ServedModel> models = new ArrayList<>();
    for (Profile shipped : profiles.all()) {
      ModelProfile over = configured.models().get(shipped.name());
      Profile profile =
          over == null
              ? shipped
              : shipped.adjusted(over.context(), over.sequences(), over.threads());
      if (over != null && over.engine() != null && !over.engine().equals(profile.engine())) {
        throw new InvalidConfigurationPropertyValueException(
            "ponder.models.%s.engine".formatted(profile.name()),
            over.engine(),
            "The profile %s says %s. Its parameters are meant for that engine; write a profile with another name for another engine."
                .formatted(profile.shown(), profile.engine()));
      }
      models.add(model(profile, over));
      for (Profile mode : profile.modes().values()) {
        models.add(model(mode, over));
      }
    }
    return models;
  }

  private ServedModel model(Profile profile, @Nullable ModelProfile over) {
    ModelProfile served = served(profile, over);
    boolean elsewhere = served.embedded() || served.url() != null || served.openAi();
    ProfiledFile file = elsewhere ? null : new ProfiledFile(profile, file(profile, served), this);
    return new ServedModel(
        profile.name(), new ServedModel.Profiled(profile, served, file), engines);
  }

  boolean describes(String name) {
    return profiles.all().stream().anyMatch(profile -> profile.name().equals(name));
  }

  Optional<Profile> find(String name) {
    return profiles.find(name);
  }

  /// @param profile adjusted to the settings already
  static ModelProfile served(Profile profile, @Nullable ModelProfile over) {
    boolean embedded = profile.source() instanceof Source.Embedded;
    ServerAddress url = over == null ? null : over.url();
    String file = over != null && over.file() != null ? over.file() : null;
    String pipeline = over != null && over.pipeline() != null ? over.pipeline() : null;
    boolean openAi = profile.engine().equals(ModelProfile.OPENAI);
    return new ModelProfile(
        url != null ? null : file == null && embedded ? ModelProfile.EMBEDDED : file,
        openAi ? ModelProfile.OPENAI : null,
        url,
        boxed(profile.sequenceTokens()),
        profile.sequences(),
        boxed(profile.whole("threads")),
        pipeline == null ? profile.pipeline() : pipeline,
        over == null ? null : over.pace(),
        over == null ? null : over.servedAs(),
        over == null ? null : over.continuation(),
        over == null ? null : over.key(),
        over == null || over.fallback() == null ? profile.fallback() : over.fallback(),
        over == null || over.thinkTags() == null ? profile.thinkTags() : over.thinkTags());
  }

  private static @Nullable Integer boxed(OptionalInt value) {
    return value.isPresent() ? (Integer) value.getAsInt() : null;
  }

  /// Where the file of a model is, or is to be.
  private Path file(Profile profile, ModelProfile served) {
    String configured = served.file();
    if (configured != null) {
      return Path.of(configured);
    }
    Path place = store.place(profile);
    return place == null ? settings.folder().resolve(profile.name() + ".gguf") : place;
  }

  /// A job needs the model and its file is not here.
  void wanted(Profile profile) {
    if (settings.onDemand() && !settings.offline()) {
      pulls.start(profile);
    }
  }

  boolean pulling(Profile profile) {
    return pulls.of(profile).filter(BackgroundPulls.State::running).isPresent();
  }

  /// Why the file is not here, and what to do.
  String missing(Profile profile, Path file) {
    Optional<BackgroundPulls.State> pull = pulls.of(profile);
    if (pull.isPresent() && pull.get().running()) {
      return "Model %s is being pulled: %s. Resume the job when it is done."
          .formatted(profile.name(), pull.get().words());
    }
    if (profile.source() instanceof Source.LocalPath
        || profile.source() instanceof Source.Nowhere) {
      return "Model %s has no file at %s. Put it there, or attach a server that holds the model (--llama-server URL)."
          .formatted(profile.name(), file);
    }
    long part = store.partBytes(profile);
    return "Model %s is not pulled%s%s. Get it with: ./ponder pull %s"
        .formatted(
            profile.name(),
            part > 0 ? " (%s are here)".formatted(MemoryEstimate.gigabytes(part)) : "",
            pull.map(state -> "; the last try failed: " + state.failure()).orElse(""),
            profile.base());
  }

  MemoryCheck memory() {
    return memory;
  }

  Engines engines() {
    return engines;
  }
}
