package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.compressible;
import static dev.ponder.thinking.ScriptedTurns.isCompression;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.hostile.SameHash;
import dev.ponder.hostile.TerminalAttack;
import dev.ponder.housekeeping.MemorySweep;
import dev.ponder.job.JobStatus;
import dev.ponder.memory.NastyText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Jobs made of hostile texts among healthy ones: whatever becomes of them, the healthy ones are
/// answered, compressed and archived, and lists show all of them.
class HostileJobsTests {

  private static final int LENGTH = 1_500;

  /// Kinds in one job, each in another of its thoughts and conclusions.
  private static final int KINDS_EACH = 6;

  @TempDir Path data;

  @Test
  void aHostileTextOfEveryKindStopsNothingForAnybodyElse() {
    List<String> texts = texts();
    var engine = new ScriptedEngine("scripted");
    engine.writes(request -> written(request, texts));
    try (var service =
        new ScriptedService(
            TestDatabase.H2.settings(data),
            engine,
            "ponder.archive.after=0s",
            "logging.level.dev.ponder=error")) {
      var http = new Http(service.port());
      List<UUID> healthy = new ArrayList<>();
      List<UUID> hostile = new ArrayList<>();
      for (int i = 0; i < texts.size(); i += KINDS_EACH) {
        hostile.add(service.submit("Hostile texts from number " + i + " on"));
        healthy.add(service.submit("How much change?"));
      }

      healthy.forEach(
          job -> assertThat(service.ended(job).status()).isEqualTo(JobStatus.COMPLETED));
      hostile.forEach(job -> assertThat(service.ended(job).status().isFinal()).isTrue());
      service.bean(MemorySweep.class).sweep();
      service.bean(MemorySweep.class).sweep();

      assertThat(healthy).allMatch(job -> service.job(job).archivedAt().isPresent());
      assertThat(hostile).allMatch(job -> service.job(job).archivedAt().isPresent());
      assertThat(listed(http)).containsAll(names(healthy)).containsAll(names(hostile));
      for (UUID job : hostile) {
        for (String path :
            List.of(
                "",
                "/thoughts?limit=50",
                "/thoughts?limit=50&form=original",
                "/prompts",
                "/checkpoints")) {
          assertThat(http.job(job, path).status()).as(path).isEqualTo(200);
        }
      }
      assertThat(http.get("/actuator/health").at("/status")).isEqualTo("UP");
    }
  }

  private static String written(GenerationRequest request, List<String> texts) {
    String all = request.conversation().system() + request.conversation().user();
    int at = all.indexOf("Hostile texts from number ");
    if (at < 0 && !isCompression(request)) {
      return compressible("13").apply(request);
    }
    int first = at < 0 ? 0 : Integer.parseInt(all.substring(at + 26).split(" ")[0]);
    int kind = Math.floorMod(all.hashCode(), KINDS_EACH);
    String text = texts.get(Math.min(texts.size() - 1, first + kind));
    if (isCompression(request)) {
      return kind % 2 == 0 ? text + "\n</think>\n\n" + text : compressible("13").apply(request);
    }
    String conclusion = ScriptedTurns.conclusion(request, Map.of(), "13");
    return text + "\n</think>\n\n" + (kind % 2 == 0 ? text + "\n" + conclusion : conclusion);
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (NastyText kind : NastyText.values()) {
      texts.add(kind.of(LENGTH));
    }
    for (TerminalAttack attack : TerminalAttack.values()) {
      texts.add(attack.text());
    }
    texts.add(String.join(" ", SameHash.small(100)));
    texts.add("not " + String.join(". Not ", SameHash.small(100)));
    texts.add("5 " + String.join(", 5 ", SameHash.small(100)));
    texts.add("");
    return texts;
  }

  private static List<String> listed(Http http) {
    var ids = new ArrayList<String>();
    String cursor = "";
    do {
      var page = http.get("/v1/jobs?limit=7" + cursor);
      assertThat(page.status()).isEqualTo(200);
      for (JsonNode job : page.body().path("items").values()) {
        ids.add(job.path("id").asString());
      }
      JsonNode next = page.body().path("nextCursor");
      cursor = next.isString() ? "&cursor=" + next.asString() : "";
    } while (!cursor.isEmpty());
    return ids;
  }

  private static List<String> names(List<UUID> jobs) {
    return jobs.stream().map(UUID::toString).toList();
  }
}
