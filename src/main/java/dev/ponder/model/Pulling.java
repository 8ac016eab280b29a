package dev.ponder.model;

import dev.ponder.model.profile.Profile;
import dev.ponder.model.profile.ProfileSettings;
import dev.ponder.model.profile.Profiles;
import dev.ponder.model.store.ModelStore;
import dev.ponder.model.store.PullFailed;
import dev.ponder.model.store.PullProgress;
import dev.ponder.model.store.Pulled;
import dev.ponder.model.store.Sources;
import dev.ponder.model.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// Gets models without a service: for the command line, with the settings of a service.
public final class Pulling {

  private final Profiles profiles;
  private final ModelStore store;
  private final Path data;

  Pulling(Profiles profiles, ModelStore store, Path data) {
    this.profiles = profiles;
    this.store = store;
    this.data = data;
  }

  /// The data folder of the settings.
  public Path data() {
    return data;
  }

  @EnableConfigurationProperties({StoreSettings.class, ProfileSettings.class})
  @Import(Profiles.class)
  static class Settings {}

  /// Reads the settings as the service does, from files, the environment and these arguments. What
  /// is wrong with them is said on standard error before this throws.
  public static Pulling configured(String... arguments) {
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Settings.class)
            .web(WebApplicationType.NONE)
            .registerShutdownHook(false)
            .properties("logging.threshold.console=OFF")
            .run(arguments)) {
      return new Pulling(
          context.getBean(Profiles.class),
          new ModelStore(context.getBean(StoreSettings.class)),
          Path.of(context.getEnvironment().getProperty("ponder.data", "./data")));
    }
  }

  /// Gets the file of a model.
  ///
  /// @param from a path, an address, or `hf:owner/repository/file`; null takes the profile's source
  /// @throws PullFailed with the reason
  public Pulled pull(String model, @Nullable String from, PullProgress progress)
      throws InterruptedException {
    Profile profile =
        profiles
            .find(model)
            .orElseThrow(
                () ->
                    PullFailed.unknown(
                        "There is no model profile '%s'; there are %s. Write a file for it under model-profiles/."
                            .formatted(model, names())));
    return store.pull(profile, from == null ? null : Sources.parse(from), progress);
  }

  private List<String> names() {
    return profiles.all().stream()
        .flatMap(profile -> Stream.concat(Stream.of(profile.name()), profile.aliases().stream()))
        .toList();
  }
}
