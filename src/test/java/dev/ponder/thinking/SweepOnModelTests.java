package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.jllama.JllamaEngine;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.housekeeping.MemorySweep;
import dev.ponder.job.Job;
import dev.ponder.job.JobStatus;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The sweep with the model that ships with Ponder.
class SweepOnModelTests {

  private static final Path MODEL =
      Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");
  private static final String PROBLEM =
      "Ada buys 3 lemons at 4 coins each and 5 pens at 7 coins each. Ada pays with 60 coins."
          + " How much change does Ada get?";

  @TempDir Path data;
  private JllamaEngine engine;
  private ScriptedService service;

  @BeforeEach
  void start() {
    engine =
        new JllamaEngine(new JllamaModel("mini", MODEL, 2048, 6, 1, 0), SeatSettings.defaults());
    service = new ScriptedService(data, engine, "ponder.archive.after=0s");
  }

  @AfterEach
  void stop() {
    service.close();
    engine.close();
  }

  @Test
  void whatTheModelThoughtIsCompressedAndArchivedAndComesBackExactly() {
    var http = new Http(service.port());
    Job job = service.ended(service.submit(PROBLEM));
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    JsonNode before = http.job(job.id(), "/thoughts").body();

    MemorySweep.Swept swept = service.bean(MemorySweep.class).sweep();

    JsonNode now = http.job(job.id(), "/thoughts").body();
    System.out.println(swept);
    now.get("items")
        .forEach(t -> System.out.println(t.get("id") + " " + t.get("form") + " " + t.get("text")));
    assertThat(swept.compressed() + swept.leftAsTheyAre()).isEqualTo(before.get("items").size());
    assertThat(swept.compressed()).isPositive();
    assertThat(swept.archived()).isOne();
    assertThat(now.get("items").values())
        .filteredOn(thought -> thought.get("form").asString().equals("compressed"))
        .hasSize(swept.compressed())
        .allMatch(thought -> thought.get("text").asString().startsWith("Key: "));
    assertThat(http.job(job.id(), "/thoughts?form=original").body()).isEqualTo(before);
  }
}
