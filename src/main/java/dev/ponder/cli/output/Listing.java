package dev.ponder.cli.output;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Lists of things as columns: what a person wants to know of each. `--json` has the rest.
public final class Listing {

  private static final int WIDEST = 60;
  private static final Pattern NUMBER = Pattern.compile("[\\d,]*%?");

  private Listing() {}

  /// A column: its heading, and what it shows of an item.
  public record Column(String heading, Function<JsonNode, String> cell) {}

  public static Column field(String heading, String field) {
    return new Column(heading, item -> Json.text(item, field, ""));
  }

  public static Collection<JsonNode> items(JsonNode answer) {
    return (answer.isArray() ? answer : answer.path("items")).values();
  }

  public static List<String> table(Collection<JsonNode> items, List<Column> columns) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(columns.stream().map(Column::heading).toList());
    for (JsonNode item : items) {
      rows.add(columns.stream().map(column -> column.cell().apply(item)).toList());
    }
    return columns(rows);
  }

  /// Lines of equal columns; numbers stand at the right. The last column is never cut: it has room
  /// for a sentence.
  public static List<String> columns(List<List<String>> rows) {
    int count = rows.getFirst().size();
    List<List<String>> cells = rows.stream().map(Listing::cut).toList();
    int[] widths = new int[count];
    boolean[] numbers = new boolean[count];
    for (int i = 0; i < count; i++) {
      int column = i;
      widths[i] = cells.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
      numbers[i] =
          cells.stream().skip(1).allMatch(row -> NUMBER.matcher(row.get(column)).matches());
    }
    return cells.stream()
        .map(
            row ->
                IntStream.range(0, count)
                    .mapToObj(i -> padded(row.get(i), widths[i], numbers[i]))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .toList();
  }

  private static String padded(String cell, int width, boolean number) {
    String blanks = " ".repeat(width - cell.length());
    return number ? blanks + cell : cell + blanks;
  }

  private static List<String> cut(List<String> row) {
    List<String> lines = new ArrayList<>();
    for (String cell : row) {
      boolean last = lines.size() == row.size() - 1;
      lines.add(last ? Words.line(cell) : Words.cut(cell, WIDEST));
    }
    return lines;
  }
}
