package dev.ponder.thinking;

import dev.ponder.Documentation;
import dev.ponder.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The boundaries at which an owner died, by the last write it made, and what became of its job.
final class CrashMatrix {

  private static final Path PAGE = Path.of("docs", "crash-matrix.md");
  private static final String BEGIN = "<!-- written by CrashMatrixIT -->\n";
  private static final String END = "<!-- end -->\n";

  private record Row(int boundaries, int mostAgain) {}

  private final TestDatabase database;
  private final Map<String, Row> rows = new TreeMap<>();

  CrashMatrix(TestDatabase database) {
    this.database = database;
  }

  /// A job whose owner died was answered.
  ///
  /// @param write the last write before the death
  /// @param again tokens of one thought that had to be decoded again, at most
  void add(String write, int again) {
    rows.merge(
        write,
        new Row(1, again),
        (one, other) ->
            new Row(
                one.boundaries() + other.boundaries(),
                Math.max(one.mostAgain(), other.mostAgain())));
  }

  /// The writes after which an owner died.
  Set<String> writes() {
    return rows.keySet();
  }

  /// Keeps the table of the documentation true: which writes there are, and that jobs are answered
  /// after each. How often each comes depends on which branch is faster, so it is not written down.
  static void document(Collection<CrashMatrix> matrices) throws IOException {
    if (matrices.stream().map(matrix -> matrix.database).distinct().count()
        < TestDatabase.values().length) {
      return;
    }
    var writes = new TreeSet<String>();
    matrices.forEach(matrix -> writes.addAll(matrix.rows.keySet()));
    String table =
        writes.stream()
            .map(write -> "| %s | answered | answered |\n".formatted(write))
            .collect(
                Collectors.joining(
                    "",
                    "| last write before the owner died | H2 | PostgreSQL |\n|---|---|---|\n",
                    ""));
    Documentation.says(PAGE, BEGIN, END, table);
  }

  @Override
  public String toString() {
    var table =
        new StringBuilder(
            "| last write before the owner died | %s: times, all answered | most tokens again |%n"
                .formatted(database));
    rows.forEach(
        (write, row) ->
            table.append("| %s | %d | %d |%n".formatted(write, row.boundaries(), row.mostAgain())));
    return table.toString();
  }
}
