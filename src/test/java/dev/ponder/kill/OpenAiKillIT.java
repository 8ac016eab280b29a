package dev.ponder.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The packaged service thinks on an attached OpenAI-compatible server (the `/v1` of a real
/// llama-server), which is killed in the middle of a thought.
@NeedsLlamaServer
@Timeout(300)
@Tag("slow")
class OpenAiKillIT {

  private static final String PROMPT =
      "Ada buys 3 lemons at 4 coins each and 5 pens at 7 coins each. Ada pays with 60 coins."
          + " How much change does Ada get?";

  private static final String KEY = "sk-never-to-be-seen-4711";

  @TempDir Path data;

  /// It runs for a small part of the time only; it thinks too fast to be met otherwise.
  private final LocalServer server = LocalServer.with(6, "-a", "thinker", "--duty", "6");

  @AfterEach
  void end() {
    server.close();
  }

  private PackagedService service(String... more) throws IOException {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--openai",
                server.url().toString(),
                "--ponder.models.thinker.pipeline=mini",
                "--ponder.models.thinker.sequences=6"));
    options.addAll(List.of(more));
    return new PackagedService(data, options.toArray(String[]::new)).start();
  }

  private static JsonNode over(PackagedService service, String id) {
    return service.until(
        id,
        "the job is over",
        job -> !List.of("queued", "running").contains(job.get("status").asString()));
  }

  private static void untilItThinks(PackagedService service, String id) {
    service.until(id, "it thinks", job -> job.at("/stages/0/tokens").asInt() >= 8);
  }

  @Test
  void aJobGoesOnInTheSameThoughtWhenItsServerIsBack() throws Exception {
    try (var service =
        service("--ponder.engine.retry.attempts=40", "--ponder.engine.openai.key=" + KEY)) {
      String id = service.submit(PROMPT);
      untilItThinks(service, id);

      server.kill();
      server.start();
      JsonNode done = over(service, id);

      assertThat(done.get("model").asString()).isEqualTo("thinker");
      assertThat(done.get("status").asString()).isEqualTo("completed");
      assertThat(done.at("/answer/text").asString()).contains("13");
      assertThat(done.get("resumes").values())
          .isNotEmpty()
          .allSatisfy(
              resume -> {
                assertThat(resume.get("from").asString()).isEqualTo("text");
                assertThat(resume.get("tokensKept").asInt()).isPositive();
                assertThat(resume.get("tokensAgain").asInt()).isZero();
              });
      assertThat(Files.readString(data.resolve("log.txt"))).contains("thinker").doesNotContain(KEY);
      assertThat(done.toString()).doesNotContain(KEY);
    }
  }

  @Test
  void aServerThatCannotGoOnBeginsTheThoughtAnewAndTheJobSaysSo() throws Exception {
    try (var service =
        service("--ponder.engine.retry.attempts=40", "--ponder.models.thinker.continuation=none")) {
      String id = service.submit(PROMPT);
      untilItThinks(service, id);

      server.kill();
      server.start();
      JsonNode done = over(service, id);

      assertThat(done.get("status").asString()).isEqualTo("completed");
      assertThat(done.at("/answer/text").asString()).contains("13");
      JsonNode resume = done.at("/resumes/0");
      assertThat(resume.get("from").asString()).isEqualTo("beginning");
      assertThat(resume.get("tokensKept").asInt()).isZero();
      assertThat(resume.get("tokensAgain").asInt()).isPositive();
    }
  }

  @Test
  void theFallbackGoesOnWhenTheServerIsGoneForGoodAndGivesTheNextJobBack() throws Exception {
    try (var service =
        service("--ponder.models.thinker.fallback=mini", "--ponder.engine.circuit.open-for=1s")) {
      String id = service.submit(PROMPT);
      untilItThinks(service, id);

      server.kill();
      JsonNode done = over(service, id);

      assertThat(done.get("status").asString()).isEqualTo("completed");
      assertThat(done.at("/answer/text").asString()).contains("13");
      JsonNode resume = done.at("/resumes/0");
      assertThat(resume.get("model").asString()).isEqualTo("mini");
      assertThat(resume.get("from").asString()).isEqualTo("text");
      assertThat(resume.get("tokensKept").asInt()).isPositive();
      assertThat(resume.get("because").asString()).contains("thinker");

      server.start();
      // It is left alone for a second more, in which a job can be over.
      PackagedService.eventually(
          Duration.ofSeconds(60),
          "a job is thought to its end by the server that is back",
          () -> isGivenBack(over(service, service.submit(PROMPT))) ? true : null);
    }
  }

  private static boolean isGivenBack(JsonNode job) {
    assertThat(job.get("status").asString()).isEqualTo("completed");
    return job.get("resumes").values().stream()
        .noneMatch(it -> it.get("stage").asString().equals("final_output"));
  }
}
