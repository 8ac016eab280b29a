package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.compressible;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.housekeeping.MemorySweep;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobStatus;
import dev.ponder.journal.archive.Records;
import dev.ponder.journal.archive.SweptThoughts;
import dev.ponder.journal.archive.ThoughtForm;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What the sweep makes of thoughts, and that nothing of them is lost.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class MemorySweepTests {

  private static final int THOUGHTS = 7;

  @Parameter TestDatabase database;
  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted").writes(compressible("13"));
  private ScriptedService service;

  private Http start(String... settings) {
    service = new ScriptedService(database.settings(data), engine, settings);
    return new Http(service.port());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void thoughtsAreCompressedAndTheirOriginalsComeBackWordForWord() {
    Http http = start();
    UUID job = service.ended(service.submit("How much change?")).id();
    JsonNode before = http.job(job, "/thoughts").body();
    List<Thought> originals = service.thoughts(job);

    MemorySweep.Swept swept = service.bean(MemorySweep.class).sweep();

    assertThat(swept).isEqualTo(new MemorySweep.Swept(THOUGHTS, 0, 0));
    JsonNode now = http.job(job, "/thoughts").body();
    assertThat(forms(now)).containsOnly("compressed").hasSize(THOUGHTS);
    assertThat(now.at("/items/1/text").asString()).isEqualTo("Key: Answer: 13");
    assertThat(now.at("/items/1/conclusion")).isEqualTo(before.at("/items/1/conclusion"));
    assertThat(http.job(job, "/thoughts?form=compressed").body()).isEqualTo(now);
    assertThat(http.job(job, "/thoughts?form=original").body()).isEqualTo(before);
    String id = now.at("/items/1/id").asString();
    assertThat(http.job(job, "/thoughts/" + id).body()).isEqualTo(now.at("/items/1"));
    assertThat(http.job(job, "/thoughts/" + id + "?form=original").body())
        .isEqualTo(before.at("/items/1"));
    assertThat(service.thoughts(job)).isEqualTo(originals);
    assertThat(count("select count(*) from thought where text is not null or packed is not null"))
        .isZero();
    assertThat(service.progress(job).tokens())
        .isEqualTo(originals.stream().mapToInt(Thought::tokens).sum());
  }

  @Test
  void aThoughtThatIsBeingWrittenIsLeftAloneAndTheJobGoesOnWithOriginals() {
    engine.hangsIn(5);
    Http http = start();
    UUID job = service.submit("How much change?");
    service.until(job, j -> service.thoughts(job).size() == 4 && engine.requests().size() == 5);

    MemorySweep.Swept swept = service.bean(MemorySweep.class).sweep();
    service.restart();
    service.ended(job);

    assertThat(swept.compressed()).isEqualTo(4);
    assertThat(service.job(job).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.job(job).answer().orElseThrow().text()).isEqualTo("The answer is 13.");
    assertThat(forms(new Http(service.port()).job(job, "/thoughts").body()))
        .containsExactly(
            "compressed",
            "compressed",
            "compressed",
            "compressed",
            "original",
            "original",
            "original");
    List<String> synthesis =
        engine.requests().stream()
            .map(GenerationRequest::conversation)
            .filter(asked -> asked.system().startsWith("Stage: synthesis"))
            .map(asked -> asked.user())
            .toList();
    assertThat(synthesis).hasSize(2);
    assertThat(synthesis.getFirst()).isEqualTo(synthesis.getLast());
  }

  @Test
  void aSummaryThatDoesNotPassIsRejectedAndNotTriedEverySweep() {
    var script = compressible("13");
    engine.writes(
        request ->
            ScriptedTurns.isCompression(request)
                ? "It is short.\n</think>\n\nKey: there are 99 of them"
                : script.apply(request));
    Http http = start();
    UUID job = service.ended(service.submit("How much change?")).id();

    MemorySweep.Swept first = service.bean(MemorySweep.class).sweep();
    int asked = engine.requests().size();
    MemorySweep.Swept second = service.bean(MemorySweep.class).sweep();

    assertThat(first).isEqualTo(new MemorySweep.Swept(0, THOUGHTS, 0));
    assertThat(second).isEqualTo(new MemorySweep.Swept(0, 0, 0));
    assertThat(engine.requests()).hasSize(asked);
    assertThat(forms(http.job(job, "/thoughts").body())).containsOnly("original");
    var compressed = http.job(job, "/thoughts/deep_exploration.1.1?form=compressed");
    assertThat(compressed.status()).isEqualTo(409);
    assertThat(compressed.at("/type")).isEqualTo("/problems/not-compressed");
    assertThat(compressed.at("/detail")).contains("no summary passed the check", "99");
  }

  @Test
  void anOriginalThatIsNotWhatWasPutAwayIsNotHandedOut() {
    Http http = start();
    UUID job = service.ended(service.submit("How much change?")).id();
    service.bean(MemorySweep.class).sweep();
    service
        .bean(JdbcClient.class)
        .sql(
            """
            update cold_thought set packed = (select min(packed) from cold_thought)
            where thought_id = (select max(id) from thought)
              or thought_id = (select min(id) from thought)
            """)
        .update();
    String last = "/thoughts/final_output.1.1";

    var damaged = http.job(job, last + "?form=original");

    assertThat(damaged.status()).isEqualTo(500);
    assertThat(damaged.at("/type")).isEqualTo("/problems/damaged-original");
    assertThat(damaged.at("/detail")).contains("final_output.1.1", job.toString(), "SHA-256");
    assertThat(http.job(job, last).status()).isEqualTo(200);
    assertThat(http.job(job, "/thoughts/synthesis.1.1?form=original").status()).isEqualTo(200);
    assertThat(http.job(job, "").status()).isEqualTo(200);
    assertThat(http.job(job, "/thoughts").status()).isEqualTo(200);
  }

  @Test
  void aSweepThatComesLateChangesNothing() {
    start();
    UUID job = service.ended(service.submit("How much change?")).id();
    var thoughts = service.bean(SweptThoughts.class);
    List<SweptThoughts.Due> due = thoughts.due(0, Set.of(), 10);
    List<Thought> originals = service.thoughts(job);
    service.bean(MemorySweep.class).sweep();
    var now = service.bean(Records.class).of(service.job(job)).thoughts(null);

    for (int i = 0; i < due.size(); i++) {
      assertThat(thoughts.compress(due.get(i), originals.get(i), "Key: too late", 3)).isFalse();
    }

    assertThat(service.bean(Records.class).of(service.job(job)).thoughts(null)).isEqualTo(now);
    service.bean(JobCommands.class).delete(job);
    assertThat(thoughts.compress(due.getFirst(), originals.getFirst(), "Key: gone", 3)).isFalse();
    assertThat(count("select count(*) from cold_thought")).isZero();
  }

  @Test
  void whoDoubtsASummaryGetsTheOriginalBackForGood() {
    Http http = start();
    UUID job = service.ended(service.submit("How much change?")).id();
    Thought original = service.thoughts(job).get(1);
    service.bean(MemorySweep.class).sweep();
    var key = new ThoughtKey(Stage.DEEP_EXPLORATION, 1, 1);

    var back = service.bean(SweptThoughts.class).reinstate(job, key, "verification doubts it");
    service.bean(MemorySweep.class).sweep();

    assertThat(back.orElseThrow().key()).isEqualTo(key);
    assertThat(service.thoughts(job)).contains(original);
    assertThat(http.job(job, "/thoughts/" + key.id()).at("/form")).isEqualTo("original");
    assertThat(http.job(job, "/thoughts/" + key.id() + "?form=compressed").at("/detail"))
        .contains("verification doubts it");
    assertThat(count("select count(*) from cold_thought")).isEqualTo(THOUGHTS - 1);
  }

  @Test
  void aSweepDoesSoManyThoughtsAndTheNextGoesOnThere() {
    start("ponder.memory.sweep-thoughts=3");
    UUID job = service.ended(service.submit("How much change?")).id();
    var sweep = service.bean(MemorySweep.class);

    List<Integer> compressed = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      compressed.add(sweep.sweep().compressed());
    }

    assertThat(compressed).containsExactly(3, 3, 1, 0);
    assertThat(service.bean(Records.class).of(service.job(job)).thoughts(ThoughtForm.COMPRESSED))
        .allMatch(thought -> thought.form() == ThoughtForm.COMPRESSED);
  }

  @Test
  void theTokensOfASweepAreLimitedToo() {
    start("ponder.memory.sweep-tokens=1");
    service.ended(service.submit("How much change?"));

    assertThat(service.bean(MemorySweep.class).sweep().compressed()).isOne();
  }

  @Test
  void aModelThatIsAwayIsAskedOnceASweepAndItsThoughtsKeepTheirTurn() {
    start();
    service.ended(service.submit("How much change?"));
    var sweep = service.bean(MemorySweep.class);
    engine.isUnavailableFor(1);
    int opens = engine.opens();

    MemorySweep.Swept away = sweep.sweep();
    int asked = engine.opens() - opens;
    MemorySweep.Swept back = sweep.sweep();

    assertThat(away).isEqualTo(new MemorySweep.Swept(0, 0, 0));
    assertThat(asked).isOne();
    assertThat(back.compressed()).isEqualTo(THOUGHTS);
  }

  @Test
  void theSweepComesByItself() {
    start("ponder.memory.sweep-interval=200ms", "ponder.housekeeping.poll=50ms");
    UUID job = service.ended(service.submit("How much change?")).id();

    service.until(
        job,
        over ->
            service.bean(Records.class).of(over).thoughts(null).stream()
                .allMatch(thought -> thought.form() == ThoughtForm.COMPRESSED));

    assertThat(service.job(job).status()).isEqualTo(JobStatus.COMPLETED);
  }

  @Test
  void aFormThatThereIsNotIsRefusedWithThoseThereAre() {
    Http http = start();
    UUID job = service.ended(service.submit("How much change?")).id();

    for (String path : List.of("/thoughts?form=orignal", "/thoughts/synthesis.1.1?form=orignal")) {
      var refused = http.job(job, path);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.at("/field")).isEqualTo("form");
      assertThat(refused.at("/detail")).contains("Did you mean 'original'?");
      assertThat(refused.body().at("/accepted").toString())
          .isEqualTo("[\"original\",\"compressed\"]");
    }
    var unknown = http.job(job, "/thoughts/synthesis.3.1");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.at("/type")).isEqualTo("/problems/unknown-thought");
    assertThat(unknown.at("/detail")).contains("synthesis.1.1");
  }

  @Test
  void aModelWithOneSequenceWritesNothingForTheSweepWhileAJobRuns() {
    engine.can(ScriptedEngine.withSequences(1));
    start();
    service.ended(service.submit("How much change?"));
    engine.takes(Duration.ofMillis(20));
    UUID running = service.submit("How much again?");
    service.until(running, job -> service.progress(running).tokens() > 0);

    MemorySweep.Swept during = service.bean(MemorySweep.class).sweep();
    JobStatus then = service.job(running).status();
    engine.takes(Duration.ZERO);
    service.ended(running);
    MemorySweep.Swept after = service.bean(MemorySweep.class).sweep();

    assertThat(then).isEqualTo(JobStatus.RUNNING);
    assertThat(during.compressed()).isZero();
    assertThat(after.compressed()).isEqualTo(2 * THOUGHTS);
  }

  private static List<String> forms(JsonNode thoughts) {
    return thoughts.get("items").values().stream().map(t -> t.get("form").asString()).toList();
  }

  private long count(String query) {
    return service.bean(JdbcClient.class).sql(query).query(Long.class).single();
  }
}
