package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.compressible;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.journal.archive.Records;
import dev.ponder.journal.archive.ThoughtForm;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes on one database sweep in turn: no thought is compressed twice.
class SweepOnTwoNodesTests {

  private static final int JOBS = 4;

  @TempDir Path data;

  @Test
  void eachThoughtIsCompressedByOneOfThem() {
    var script = compressible("13");
    // No two thoughts are the same, so that none is answered from a cache.
    var engine =
        new ScriptedEngine("scripted")
            .writes(
                request ->
                    (ScriptedTurns.isCompression(request)
                            ? ""
                            : "A thought of %s.\n".formatted(request.affinity()))
                        + script.apply(request));
    List<String> database = TestDatabase.POSTGRESQL.settings(data);
    String[] often = {"ponder.memory.sweep-interval=100ms", "ponder.housekeeping.poll=20ms"};

    try (var one = new ScriptedService(database, engine, often);
        var two = new ScriptedService(database, engine, often)) {
      List<UUID> jobs =
          IntStream.range(0, JOBS).mapToObj(i -> one.submit("Question " + i)).toList();
      for (UUID job : jobs) {
        two.until(
            job,
            over ->
                over.status().isFinal()
                    && two.bean(Records.class).of(over).thoughts(null).stream()
                        .allMatch(thought -> thought.form() == ThoughtForm.COMPRESSED));
      }
    }

    assertThat(
            engine.requests().stream()
                .filter(ScriptedTurns::isCompression)
                .map(request -> request.conversation().user()))
        .doesNotHaveDuplicates()
        .hasSize(7 * JOBS);
  }
}
