package dev.ponder.kill;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the database holds of the one job in it.
///
/// @param finished the rows of finished thoughts, by `stage.visit.branch`
/// @param running the durable part of running thoughts
/// @param lines the journal: `KIND stage.visit.branch`
record Durable(
    String status, Map<String, Finished> finished, Map<String, Running> running, List<Line> lines) {

  /// @param finishedAt as the database wrote it, so that a thought written twice would show
  record Finished(String text, int tokens, String finishedAt) {}

  record Running(String text, int tokens) {}

  record Line(String kind, String thought, int tokens, int again) {}

  static Durable read(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      String status;
      try (var row = statement.executeQuery("select status from job")) {
        row.next();
        status = row.getString(1);
      }
      Map<String, Finished> finished = new LinkedHashMap<>();
      try (var row =
          statement.executeQuery(
              "select * from thought where finished_at is not null order by id")) {
        while (row.next()) {
          String key =
              "%s.%d.%d"
                  .formatted(row.getString("stage"), row.getInt("visit"), row.getInt("branch"));
          finished.put(
              key,
              new Finished(
                  row.getString("text"), row.getInt("tokens"), row.getString("finished_at")));
        }
      }
      return new Durable(status, finished, running(connection), lines(connection));
    }
  }

  /// Fails if the chunks of a thought leave a gap or overlap.
  private static Map<String, Running> running(Connection connection) throws SQLException {
    Map<String, Running> running = new LinkedHashMap<>();
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                """
                select t.stage, t.visit, t.branch, c.from_token, c.tokens, c.text
                from thought t join chunk c on c.thought_id = t.id order by t.id, c.from_token
                """)) {
      while (row.next()) {
        String key =
            "%s.%d.%d".formatted(row.getString("stage"), row.getInt("visit"), row.getInt("branch"));
        Running before = running.getOrDefault(key, new Running("", 0));
        if (row.getInt("from_token") != before.tokens()) {
          throw new AssertionError(
              "The chunks of %s hold %d tokens, then one begins at %d"
                  .formatted(key, before.tokens(), row.getInt("from_token")));
        }
        if (row.getInt("tokens") > 64) {
          throw new AssertionError(
              "A chunk of " + key + " holds " + row.getInt("tokens") + " tokens");
        }
        running.put(
            key,
            new Running(
                before.text() + row.getString("text"), before.tokens() + row.getInt("tokens")));
      }
    }
    return running;
  }

  private static List<Line> lines(Connection connection) throws SQLException {
    List<Line> lines = new ArrayList<>();
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select * from journal order by seq")) {
      while (row.next()) {
        lines.add(
            new Line(
                row.getString("kind"),
                "%s.%d.%d"
                    .formatted(row.getString("stage"), row.getInt("visit"), row.getInt("branch")),
                row.getInt("tokens"),
                row.getInt("again")));
      }
    }
    return lines;
  }
}
