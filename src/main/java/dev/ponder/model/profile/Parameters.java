package dev.ponder.model.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Every parameter there is, in the order of `models/parameters.yaml`.
final class Parameters {

  private static final String FILE = "/models/parameters.yaml";
  private static final Parameters OF_THIS_BUILD = read();

  private final Map<String, Parameter> byName;

  private Parameters(Map<String, Parameter> byName) {
    this.byName = byName;
  }

  static Parameters all() {
    return OF_THIS_BUILD;
  }

  private static Parameters read() {
    try (InputStream file = Parameters.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException(FILE + " is missing; is the jar of Ponder complete?");
      }
      Object tree = new Load(LoadSettings.builder().build()).loadFromInputStream(file);
      Map<String, Parameter> parameters = new LinkedHashMap<>();
      ((Map<?, ?>) tree)
          .forEach(
              (name, entry) ->
                  parameters.put(name.toString(), parameter(name.toString(), (Map<?, ?>) entry)));
      return new Parameters(Collections.unmodifiableMap(parameters));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Parameter parameter(String name, Map<?, ?> entry) {
    Map<String, ParameterMapping> carriage = new LinkedHashMap<>();
    for (String engine : Parameter.ENGINES) {
      if (entry.get("ponder") instanceof String how) {
        carriage.put(engine, new ParameterMapping.ByPonder(how));
      } else if (entry.get(engine) instanceof String text) {
        carriage.put(engine, ParameterMapping.parse(text));
      }
    }
    return new Parameter(
        name,
        ValueType.parse(String.valueOf(entry.get("type"))),
        String.valueOf(entry.get("meaning")),
        Collections.unmodifiableMap(new LinkedHashMap<>(carriage)));
  }

  Set<String> names() {
    return byName.keySet();
  }

  Collection<Parameter> values() {
    return byName.values();
  }

  @Nullable Parameter find(String name) {
    return byName.get(name);
  }
}
