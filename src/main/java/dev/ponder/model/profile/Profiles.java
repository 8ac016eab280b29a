package dev.ponder.model.profile;

import dev.ponder.yaml.FileMistakes;
import dev.ponder.yaml.FileMistakes.Mistake;
import dev.ponder.yaml.YamlFolder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// The model profiles of `model-profiles/` in the jar and of the folder on disk, read once at
/// start-up. If any file has a mistake, none is used and the service does not start.
@Component
public final class Profiles {

  private final Map<String, Profile> profiles;

  @Autowired
  public Profiles(ProfileSettings settings) {
    var folder =
        new YamlFolder(ProfileSettings.DEFAULT_FOLDER, "model profile", "ponder.profiles-folder");
    profiles = folder.read(settings.profilesFolder(), ProfileReader::read);
    refuseTakenNames();
  }

  private Profiles(Map<String, Profile> profiles) {
    this.profiles = profiles;
  }

  /// These and no others.
  public static Profiles of(Profile... profiles) {
    Map<String, Profile> named = new TreeMap<>();
    List.of(profiles).forEach(profile -> named.put(profile.name(), profile));
    return new Profiles(named);
  }

  private void refuseTakenNames() {
    Map<String, Profile> names = new HashMap<>(profiles);
    List<Mistake> mistakes = new ArrayList<>();
    for (Profile profile : profiles.values()) {
      for (String alias : profile.aliases()) {
        Profile other = names.putIfAbsent(alias, profile);
        if (other != null) {
          mistakes.add(
              new Mistake(
                  profile.shown(),
                  0,
                  "aliases",
                  "'%s', which %s has".formatted(alias, other.shown()),
                  "names that no other profile has"));
        }
      }
    }
    if (!mistakes.isEmpty()) {
      throw new FileMistakes(mistakes);
    }
  }

  /// By name.
  public Collection<Profile> all() {
    return profiles.values();
  }

  /// A profile, or a mode of it, by its name or another one it answers to: `qwen3-7b:qa`.
  public Optional<Profile> find(String name) {
    return profiles.values().stream()
        .flatMap(profile -> Stream.concat(Stream.of(profile), profile.modes().values().stream()))
        .filter(profile -> profile.name().equals(name) || profile.aliases().contains(name))
        .findFirst();
  }
}
