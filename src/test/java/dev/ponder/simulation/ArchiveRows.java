package dev.ponder.simulation;

import dev.ponder.journal.archive.Archived;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The rows of archived jobs: all that they thought is in them.
final class ArchiveRows {

  private final Verdict verdict;
  private final PreparedStatement archive;

  ArchiveRows(Verdict verdict, Connection database) throws SQLException {
    this.verdict = verdict;
    archive =
        database.prepareStatement(
            "select section, packed from archive_part where job_id = ? order by section, part");
  }

  void look(UUID job, Seen seen) throws SQLException {
    verdict.require(seen.status.isFinal(), "Job %s was archived and is %s", job, seen.status);
    var sections =
        new ByteArrayOutputStream[] {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
    archive.setObject(1, job);
    try (ResultSet row = archive.executeQuery()) {
      while (row.next()) {
        sections[row.getInt(1)].writeBytes(row.getBytes(2));
      }
    }
    JsonNode index = JsonMapper.shared().readTree(Archived.json(sections[0].toByteArray()));
    JsonNode texts = JsonMapper.shared().readTree(Archived.json(sections[1].toByteArray()));
    Map<ThoughtKey, String> kept = new HashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      JsonNode thought = index.at("/thoughts/" + i);
      if (thought.has("finishedAt")) {
        kept.put(
            new ThoughtKey(
                Stage.of(thought.get("stage").asString()).orElseThrow(),
                thought.get("visit").asInt(),
                thought.get("branch").asInt()),
            texts.get(i).get("whole").asString());
      }
    }
    verdict.require(
        kept.equals(seen.finished), "The archive of job %s has other thoughts: %s", job, kept);
    verdict.require(
        index.get("journal").size() == seen.lines.size(),
        "The archive of job %s has %d lines of %d",
        job,
        index.get("journal").size(),
        seen.lines.size());
  }
}
