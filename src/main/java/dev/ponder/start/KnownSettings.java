package dev.ponder.start;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The settings under `ponder.` that some class reads, as the configuration processor has listed
/// them in the build.
final class KnownSettings {

  private static final String METADATA = "/META-INF/spring-configuration-metadata.json";

  /// Stands for the key of a map, and for the index of a list.
  private static final String ANY = "*";

  /// A name as its elements, such as `ponder`, `models`, `*`, `file`.
  private final List<List<String>> names = new ArrayList<>();

  private KnownSettings() {}

  static KnownSettings ofThisBuild() {
    try (InputStream file = KnownSettings.class.getResourceAsStream(METADATA)) {
      if (file == null) {
        throw new IllegalStateException(
            METADATA + " is missing: the build ran without spring-boot-configuration-processor");
      }
      return of(JsonMapper.shared().readTree(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static KnownSettings of(JsonNode metadata) {
    var known = new KnownSettings();
    for (JsonNode property : metadata.path("properties").values()) {
      String name = property.get("name").asString();
      if (name.startsWith("ponder.")) {
        known.add(List.of(name.split("\\.")), property.path("type").asString(""));
      }
    }
    return known;
  }

  /// Types stand in the metadata as text, such as `java.util.Map<java.lang.String,a.Profile>`.
  private void add(List<String> name, String type) {
    names.add(name);
    int open = type.indexOf('<');
    if (open > 0) {
      String inside = type.substring(open + 1, type.length() - 1);
      addType(plus(name, ANY), loaded(inside.substring(inside.indexOf(',') + 1)));
    }
  }

  private void addType(List<String> name, Type type) {
    names.add(name);
    if (type instanceof ParameterizedType many) {
      Type[] arguments = many.getActualTypeArguments();
      addType(plus(name, ANY), arguments[arguments.length - 1]);
    } else if (type instanceof Class<?> one && one.isRecord()) {
      for (RecordComponent component : one.getRecordComponents()) {
        addType(plus(name, name(component)), component.getGenericType());
      }
    }
  }

  private static Class<?> loaded(String type) {
    try {
      return Class.forName(type.strip(), false, KnownSettings.class.getClassLoader());
    } catch (ClassNotFoundException notOneClass) {
      // Something nested deeper than any setting of ours; what is below it is not checked.
      return Object.class;
    }
  }

  private static String name(RecordComponent component) {
    Name given = component.getAnnotation(Name.class);
    return given != null
        ? given.value()
        : component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static List<String> plus(List<String> name, String element) {
    var longer = new ArrayList<>(name);
    longer.add(element);
    return longer;
  }

  /// Whether somebody reads a property, however its name is written: `waiting-max`, `waitingMax`.
  boolean reads(String property) {
    var asked = ConfigurationPropertyName.adapt(property, '.');
    return names.stream().anyMatch(name -> same(name, asked));
  }

  private static boolean same(List<String> name, ConfigurationPropertyName asked) {
    if (name.size() != asked.getNumberOfElements()) {
      return false;
    }
    for (int i = 0; i < name.size(); i++) {
      String element = name.get(i);
      if (!element.equals(ANY) && !uniform(element).equals(asked.getElement(i, Form.UNIFORM))) {
        return false;
      }
    }
    return true;
  }

  /// Whether somebody reads an environment variable: `PONDER_JOBS_WAITINGMAX`, and also
  /// `PONDER_JOBS_WAITING_MAX`, which Spring Boot takes too.
  boolean readsVariable(String variable) {
    String asked = uniform(variable);
    return names.stream()
        .map(KnownSettings::variablePattern)
        .anyMatch(pattern -> asked.matches(pattern));
  }

  private static String variablePattern(List<String> name) {
    var pattern = new StringBuilder();
    name.forEach(e -> pattern.append(e.equals(ANY) ? ".+" : Pattern.quote(uniform(e))));
    return pattern.toString();
  }

  private static String uniform(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  /// The names there are, with the keys that `property` has in the place of those of a map.
  List<String> namesLike(String property) {
    var asked = ConfigurationPropertyName.adapt(property, '.');
    return names.stream().map(name -> filled(name, asked)).toList();
  }

  private static String filled(List<String> name, ConfigurationPropertyName asked) {
    var filled = new ArrayList<String>();
    for (int i = 0; i < name.size(); i++) {
      boolean key = name.get(i).equals(ANY) && i < asked.getNumberOfElements();
      filled.add(key ? asked.getElement(i, Form.ORIGINAL) : name.get(i));
    }
    return String.join(".", filled);
  }

  /// The environment variables there are, without those that contain a key.
  List<String> variables() {
    return names.stream()
        .filter(name -> !name.contains(ANY))
        .map(name -> String.join("_", name).replace("-", "").toUpperCase(Locale.ROOT))
        .toList();
  }
}
