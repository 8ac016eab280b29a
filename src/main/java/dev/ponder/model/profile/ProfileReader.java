package dev.ponder.model.profile;

import dev.ponder.engine.text.ThinkTags;
import dev.ponder.yaml.FileMistakes;
import dev.ponder.yaml.Mistakes;
import dev.ponder.yaml.Section;
import dev.ponder.yaml.YamlDocument;
import dev.ponder.yaml.YamlFolder.YamlFile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Reads one profile, as strictly as `docs/model-profiles.md` says.
final class ProfileReader {

  private static final String NAME = "[a-z0-9][a-z0-9._-]{0,63}";
  private static final int MODES_MAX = 20;
  private static final Set<String> KEYS =
      names(
          "description",
          "aim",
          "aliases",
          "fallback",
          "pipeline",
          "engine",
          "thinkTags",
          "architecture",
          "source",
          "parameters",
          "optional",
          "targets",
          "modes");
  private static final Set<String> MODE_KEYS =
      names("description", "parameters", "optional", "targets");

  private final Mistakes mistakes;
  private final YamlFile file;

  private ProfileReader(YamlFile file) {
    this.file = file;
    this.mistakes = new Mistakes(file.shown());
  }

  /// @throws FileMistakes with every mistake of the file
  static Profile read(YamlFile file) {
    return new ProfileReader(file).profile();
  }

  private Profile profile() {
    MappingNode node = YamlDocument.compose(file.text(), mistakes);
    Section root = new Section(mistakes, "", 1, node, "key", KEYS);
    String description = root.line("description", 500);
    String aim = root.line("aim", 100);
    String pipeline = root.line("pipeline", 64);
    String engine = word(root, "engine", Parameter.ENGINES);
    String architecture = root.has("architecture") ? root.line("architecture", 64) : null;
    Source source = SourceReader.read(root);
    Map<String, Object> parameters = parameters(root);
    Map<String, Double> targets = targets(root);
    List<String> aliases = root.has("aliases") ? root.texts("aliases", 10, 64) : List.of();
    aliases.stream()
        .filter(alias -> !alias.matches(NAME))
        .forEach(alias -> root.mistake("aliases", "'" + alias + "'", "names of models"));
    List<String> fallback = root.has("fallback") ? root.texts("fallback", 10, 64) : List.of();
    Set<String> optional = optional(root, parameters);
    if (engine == null || description == null || aim == null || pipeline == null) {
      throw mistakes.refusal();
    }
    Profile profile =
        new Profile(
            file.name(),
            file.shown(),
            description,
            aim,
            aliases,
            fallback,
            pipeline,
            engine,
            thinkTags(root),
            architecture,
            source == null ? new Source.Nowhere() : source,
            parameters,
            targets,
            Map.of());
    refuseWhatIsNotCarried(root, engine, parameters, optional);
    ProfileChecks.check(root, profile);
    Profile whole = profile.with(modes(root, profile, optional));
    if (mistakes.some()) {
      throw mistakes.refusal();
    }
    return whole;
  }

  private static List<String> thinkTags(Section root) {
    if (!root.has("thinkTags")) {
      return List.of();
    }
    List<String> tags = root.texts("thinkTags", 20, 140);
    for (String pair : tags) {
      try {
        ThinkTags.Pair.of(pair);
      } catch (IllegalArgumentException e) {
        root.mistake("thinkTags", "'" + pair + "'", "pairs such as <think>...</think>");
      }
    }
    return tags;
  }

  private Map<String, Profile> modes(Section root, Profile profile, Set<String> optional) {
    if (!root.has("modes")) {
      return Map.of();
    }
    Map<String, Profile> modes = new LinkedHashMap<>();
    Section section = root.section("modes", "mode", modeNames(root));
    if (section != null) {
      for (String name : modeNames(root)) {
        Profile mode = mode(section, name, profile, optional);
        if (mode != null) {
          modes.put(name, mode);
        }
      }
    }
    return modes;
  }

  /// Modes have free names; those that cannot be a name are told here.
  private static Set<String> modeNames(Section root) {
    Set<String> names = new LinkedHashSet<>();
    if (root.node("modes") instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        Node key = tuple.getKeyNode();
        if (key instanceof ScalarNode scalar && scalar.getValue().matches(NAME)) {
          names.add(scalar.getValue());
        }
      }
    }
    if (names.isEmpty() || names.size() > MODES_MAX) {
      root.mistake("modes", names.size() + " modes", "1 to %d named modes".formatted(MODES_MAX));
      return Set.of("base");
    }
    return names;
  }

  private @Nullable Profile mode(
      Section modes, String name, Profile profile, Set<String> optional) {
    Section section = modes.section(name, "key", MODE_KEYS);
    if (section == null) {
      return null;
    }
    String description = section.line("description", 500);
    Map<String, Object> values = parameters(section);
    Map<String, Double> targets = targets(section);
    Profile mode = profile.overlaid(name, description == null ? "" : description, values, targets);
    Set<String> allowed = new LinkedHashSet<>(optional);
    allowed.addAll(optional(section, values));
    refuseWhatIsNotCarried(section, profile.engine(), values, allowed);
    if (!mistakes.some()) {
      ProfileChecks.check(section, mode);
    }
    return mode;
  }

  private Map<String, Object> parameters(Section root) {
    Map<String, Object> values = new LinkedHashMap<>();
    Section section = root.section("parameters", "parameter", Parameters.all().names());
    if (section != null) {
      for (Parameter parameter : Parameters.all().values()) {
        if (section.has(parameter.name())) {
          Object value = parameter.type().read(section, parameter.name());
          if (value != null) {
            values.put(parameter.name(), value);
          }
        }
      }
    }
    return values;
  }

  private Map<String, Double> targets(Section root) {
    Map<String, Double> values = new LinkedHashMap<>();
    if (root.has("targets")) {
      Section section = root.section("targets", "target", Target.keys());
      for (Target target : Target.values()) {
        if (section != null && section.has(target.key())) {
          Double value = section.number(target.key(), Section.Range.of("0", target.max()));
          if (value != null) {
            values.put(target.key(), value);
          }
        }
      }
    }
    return values;
  }

  private static Set<String> optional(Section section, Map<String, Object> stated) {
    if (!section.has("optional")) {
      return Set.of();
    }
    Set<String> names = new LinkedHashSet<>(section.texts("optional", 100, 64));
    for (String name : names) {
      if (!stated.containsKey(name)) {
        section.mistake(
            "optional", "'%s', which `parameters` does not state".formatted(name), "its names");
      }
    }
    return names;
  }

  private void refuseWhatIsNotCarried(
      Section section, String engine, Map<String, Object> values, Set<String> optional) {
    values.forEach(
        (name, value) -> {
          Parameter parameter = Parameters.all().find(name);
          String why = parameter == null ? null : parameter.on(engine).refusal(value);
          Node node = node(section, name);
          if (why != null && !optional.contains(name) && node != null) {
            mistakes.add(
                node,
                section.path("parameters") + "." + name,
                "%s, which the engine %s cannot do (%s)"
                    .formatted(Mistakes.shown(node), engine, why),
                "the name %s under optional, to go without it; or another engine".formatted(name));
          }
        });
  }

  private static @Nullable Node node(Section section, String parameter) {
    if (section.node("parameters") instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(parameter)) {
          return tuple.getValueNode();
        }
      }
    }
    return null;
  }

  private static @Nullable String word(Section section, String key, List<String> accepted) {
    String word = section.line(key, 64);
    if (word != null && !accepted.contains(word)) {
      section.mistake(key, "'" + word + "'", "one of " + String.join(", ", accepted));
      return null;
    }
    return word;
  }

  static Set<String> names(String... names) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(names)));
  }
}
