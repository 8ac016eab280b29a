package dev.ponder.model;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/// Refuses an order of fallbacks that names a model that is not there, or leads back to where it
/// began.
final class FallbackCheck {

  private static final Logger LOG = LoggerFactory.getLogger(FallbackCheck.class);

  private FallbackCheck() {}

  /// @param stated names that the settings describe, whether or not a server reports them
  /// @param toCome whether a server has yet to say which models it holds
  static void check(Collection<ServedModel> models, Set<String> stated, boolean toCome) {
    Map<String, ServedModel> byName = new HashMap<>();
    models.forEach(model -> model.names().forEach(name -> byName.putIfAbsent(name, model)));
    for (ServedModel model : models) {
      for (String name : model.profile().fallbacks()) {
        if (byName.containsKey(name) || stated.contains(name)) {
          continue;
        }
        if (!toCome) {
          throw refused(
              model,
              name,
              "There is no such model; there are %s.".formatted(new TreeSet<>(byName.keySet())));
        }
        LOG.warn(
            "Model '{}' falls back to '{}', which is not there yet. An attached server has still to say what it holds.",
            model.name(),
            name);
      }
      refuseCircle(model, byName);
    }
  }

  private static void refuseCircle(ServedModel begin, Map<String, ServedModel> byName) {
    Set<ServedModel> seen = new HashSet<>();
    Deque<ServedModel> next = new ArrayDeque<>(List.of(begin));
    while (!next.isEmpty()) {
      ServedModel model = next.pop();
      for (String name : model.profile().fallbacks()) {
        ServedModel other = byName.get(name);
        if (other == begin) {
          throw refused(
              model,
              name,
              model == begin
                  ? "That is the model itself."
                  : "That leads back to '%s', which falls back to '%s' in turn."
                      .formatted(begin.name(), model.name()));
        }
        if (other != null && seen.add(other)) {
          next.push(other);
        }
      }
    }
  }

  private static InvalidConfigurationPropertyValueException refused(
      ServedModel model, String name, String why) {
    return new InvalidConfigurationPropertyValueException(
        "ponder.models.%s.fallback".formatted(model.name()), name, why);
  }
}
