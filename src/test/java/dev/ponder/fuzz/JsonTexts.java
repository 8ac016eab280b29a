package dev.ponder.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Writes JSON for a schema, as text: only text can hold a key twice, half a surrogate pair, or a
/// number of four hundred digits.
final class JsonTexts {

  private static final int DEEPEST = 8;
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "1",
          "-1",
          "1.5",
          "1e3",
          "1e400",
          "-1e-400",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "18446744073709551616",
          "0.0000001",
          "01",
          "+1",
          ".5",
          "1.",
          "0x10",
          "NaN",
          "Infinity",
          "9".repeat(400),
          "9".repeat(1500));

  private final Contract contract;
  private final RandomGenerator random;
  private final Texts texts;

  JsonTexts(Contract contract, RandomGenerator random) {
    this.contract = contract;
    this.random = random;
    this.texts = new Texts(random);
  }

  /// @param example a valid value, for names that a schema alone cannot know
  /// @param chaos how likely each part is wrong, from 0 for a valid text
  String write(JsonNode schema, @Nullable JsonNode example, double chaos) {
    return write(schema, example, chaos, 0);
  }

  private String write(JsonNode unresolved, @Nullable JsonNode example, double chaos, int depth) {
    JsonNode schema = contract.resolved(unresolved);
    if (random.nextDouble() < chaos) {
      return wild(depth);
    }
    if (schema.has("enum")) {
      return schema.get("enum").get(random.nextInt(schema.get("enum").size())).toString();
    }
    return switch (type(schema)) {
      case "object" -> object(schema, example, chaos, depth);
      case "integer" -> integer(schema);
      case "string" -> string(schema, example, chaos);
      case "array" -> "[" + write(schema.path("items"), null, chaos, depth + 1) + "]";
      case "boolean" -> Boolean.toString(random.nextBoolean());
      default -> "null";
    };
  }

  private String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      return type.get(random.nextInt(type.size())).asString();
    }
    return type.asString("null");
  }

  private String object(JsonNode schema, @Nullable JsonNode example, double chaos, int depth) {
    List<String> members = new ArrayList<>();
    List<String> required =
        schema.path("required").values().stream().map(JsonNode::asString).toList();
    schema
        .path("properties")
        .forEachEntry(
            (name, property) -> {
              boolean left =
                  required.contains(name) ? random.nextDouble() < chaos / 2 : random.nextBoolean();
              if (!left) {
                String key = random.nextDouble() < chaos / 2 ? misspelled(name) : name;
                JsonNode value = example == null ? null : example.get(name);
                members.add(quoted(key) + ":" + write(property, value, chaos, depth + 1));
              }
            });
    if (schema.path("additionalProperties").isObject()) {
      for (int i = random.nextInt(4); i > 0; i--) {
        String key = chaos > 0 && random.nextInt(4) == 0 ? texts.hostile() : texts.harmless() + i;
        members.add(
            quoted(key) + ":" + write(schema.get("additionalProperties"), null, chaos, depth + 1));
      }
    }
    if (!members.isEmpty() && random.nextDouble() < chaos / 2) {
      members.add(members.get(random.nextInt(members.size())));
    }
    return "{" + String.join(",", members) + "}";
  }

  private String integer(JsonNode schema) {
    long min = schema.path("minimum").asLong(Long.MIN_VALUE);
    long max = schema.path("maximum").asLong(Long.MAX_VALUE);
    return Long.toString(
        switch (random.nextInt(4)) {
          case 0 -> min;
          case 1 -> max;
          default -> max - min > 0 ? random.nextLong(min, max) : random.nextLong();
        });
  }

  private String string(JsonNode schema, @Nullable JsonNode example, double chaos) {
    if (random.nextDouble() < chaos) {
      return quoted(texts.hostile());
    }
    boolean named = !schema.has("pattern") && example != null && example.isString();
    return quoted(named ? example.asString() : texts.harmless());
  }

  private String misspelled(String name) {
    int at = random.nextInt(name.length());
    return switch (random.nextInt(3)) {
      case 0 -> name.substring(0, at) + name.substring(at + 1);
      case 1 -> name.substring(0, at) + 'x' + name.substring(at);
      default -> texts.hostile();
    };
  }

  private String wild(int depth) {
    return switch (random.nextInt(8)) {
      case 0 -> "null";
      case 1 -> random.nextBoolean() ? "true" : "false";
      case 2, 3 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
      case 4 -> depth > DEEPEST ? "[]" : "[" + wild(depth + 1) + "," + wild(depth + 1) + "]";
      case 5 ->
          depth > DEEPEST ? "{}" : "{" + quoted(texts.hostile()) + ":" + wild(depth + 1) + "}";
      case 6 -> random.nextInt(10) > 0 ? "[[[]]]" : "[".repeat(1200) + "]".repeat(1200);
      default -> quoted(texts.hostile());
    };
  }

  private String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c) || (c > '~' && random.nextBoolean())) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
