package dev.ponder.model.profile;

import dev.ponder.yaml.Section;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a value can be, as `models/parameters.yaml` writes it: `whole 1 64`, `number 0 2`, `flag`,
/// `word a b`, `line`.
record ValueType(String kind, List<String> limits) {

  private static final int LONGEST_LINE = 300;

  static ValueType parse(String text) {
    List<String> words = Arrays.asList(text.split(" "));
    return new ValueType(words.getFirst(), List.copyOf(words.subList(1, words.size())));
  }

  /// The value of a key, or null after its mistake was told.
  @Nullable Object read(Section section, String key) {
    return switch (kind) {
      case "whole" ->
          section.whole(key, Integer.parseInt(limits.get(0)), Integer.parseInt(limits.get(1)));
      case "number" -> section.number(key, Section.Range.of(limits.get(0), limits.get(1)));
      case "flag" -> section.flag(key);
      case "word" -> word(section, key);
      case "line" -> section.line(key, LONGEST_LINE);
      default -> throw new IllegalStateException("models/parameters.yaml: unknown type " + kind);
    };
  }

  private @Nullable String word(Section section, String key) {
    String word = section.line(key, LONGEST_LINE);
    if (word != null && !limits.contains(word)) {
      section.mistake(key, "'" + word + "'", "one of " + String.join(", ", limits));
      return null;
    }
    return word;
  }

  String words() {
    return switch (kind) {
      case "whole" -> "whole number %s–%s".formatted(limits.get(0), limits.get(1));
      case "number" -> "number %s–%s".formatted(limits.get(0), limits.get(1));
      case "flag" -> "`true` or `false`";
      case "word" -> "`" + String.join("`, `", limits) + "`";
      default -> "one line of text";
    };
  }

  /// For the JSON schema that editors use.
  Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    switch (kind) {
      case "whole" -> {
        schema.put("type", "integer");
        schema.put("minimum", Integer.parseInt(limits.get(0)));
        schema.put("maximum", Integer.parseInt(limits.get(1)));
      }
      case "number" -> {
        schema.put("type", "number");
        schema.put("minimum", Double.parseDouble(limits.get(0)));
        schema.put("maximum", Double.parseDouble(limits.get(1)));
      }
      case "flag" -> schema.put("type", "boolean");
      case "word" -> schema.put("enum", limits);
      default -> {
        schema.put("type", "string");
        schema.put("minLength", 1);
        schema.put("maxLength", LONGEST_LINE);
      }
    }
    return schema;
  }
}
