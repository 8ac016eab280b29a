package dev.ponder.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Lists of things as columns. Shows the plain values of whatever fields the service sends, so a
/// new field appears without a new command line.
final class Listing {

  private static final int WIDEST = 60;

  private Listing() {}

  static int print(ClientCommand command, JsonNode answer, String what) {
    if (command.json()) {
      command.print(answer);
      return Exit.OK.code();
    }
    Collection<JsonNode> items = items(answer);
    if (items.isEmpty()) {
      command.say("No " + what + ".");
      return Exit.OK.code();
    }
    Set<String> fields = new LinkedHashSet<>(List.of("name"));
    for (JsonNode item : items) {
      for (String field : item.propertyNames()) {
        if (item.path(field).isValueNode()) {
          fields.add(field);
        }
      }
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(fields.stream().map(field -> field.toUpperCase(Locale.ROOT)).toList());
    for (JsonNode item : items) {
      rows.add(fields.stream().map(field -> Json.text(item, field, "")).toList());
    }
    columns(rows).forEach(command::say);
    return Exit.OK.code();
  }

  static Collection<JsonNode> items(JsonNode answer) {
    return (answer.isArray() ? answer : answer.path("items")).values();
  }

  static List<String> columns(List<List<String>> rows) {
    int count = rows.getFirst().size();
    int[] widths = new int[count];
    for (List<String> row : rows) {
      for (int i = 0; i < count; i++) {
        widths[i] = Math.max(widths[i], cut(row.get(i)).length());
      }
    }
    return rows.stream()
        .map(
            row ->
                java.util.stream.IntStream.range(0, count)
                    .mapToObj(
                        i -> cut(row.get(i)) + " ".repeat(widths[i] - cut(row.get(i)).length()))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .toList();
  }

  private static String cut(String cell) {
    String line = cell.replaceAll("\\s+", " ");
    return line.length() <= WIDEST ? line : line.substring(0, WIDEST - 1) + "…";
  }
}
