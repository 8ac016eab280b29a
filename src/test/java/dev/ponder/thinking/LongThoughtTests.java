package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.engine.Written;
import dev.ponder.job.Job;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Submission;
import dev.ponder.journal.JournalEntry;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.journal.Lines;
import dev.ponder.memory.Thought;
import dev.ponder.stage.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A thought can be longer than its model's context, and forgets nothing that it stated.
class LongThoughtTests {

  private static final int CONTEXT = 4096;
  private static final int TOKENS = 20_000;

  @TempDir Path data;
  private final ScriptedEngine engine =
      new ScriptedEngine("scripted").can(LongThought.context(CONTEXT));
  private ScriptedService service;

  private Thought thought(LongThought script) throws IOException {
    LongThought.pipeline(data.resolve("pipelines"), 24_000, 1500);
    engine.writes(script::turn);
    service =
        new ScriptedService(
            TestDatabase.H2.settings(data),
            engine,
            // Durability is the crash matrix' business; here it would only cost time.
            "ponder.journal.chunk-tokens=1024",
            "ponder.pipelines-folder=" + data.resolve("pipelines"));
    Job job = service.ended(submit());
    assertThat(job.status()).as("%s", job.failure()).isEqualTo(JobStatus.COMPLETED);
    return explored(job.id());
  }

  private UUID submit() {
    return service.submit(
        new Submission("Which codes?", LongThought.PIPELINE, null, null, 7L, Map.of()));
  }

  private Thought explored(UUID job) {
    return service.thoughts(job).stream()
        .filter(thought -> thought.key().stage() == Stage.DEEP_EXPLORATION)
        .findFirst()
        .orElseThrow();
  }

  @AfterEach
  void stop() {
    if (service != null) {
      service.close();
    }
  }

  @Test
  void twentyThousandTokensGoThroughAContextOfFourThousand() throws Exception {
    var script = new LongThought(1350, 30);

    Thought thought = thought(script);

    assertThat(thought.thinkingTokens()).isGreaterThan(TOKENS);
    assertThat(thought.text()).startsWith(script.text() + "</think>");
    assertThat(LongThought.codesIn(thought.conclusion())).isEqualTo(script.codes()).hasSize(45);
    assertThat(thought.forcedClose()).isFalse();
    assertThat(folds()).isGreaterThan(5);
  }

  @Test
  void theJournalKeepsTheTextOnceAndNoInsightsOfAFinishedThought() throws Exception {
    Thought thought = thought(new LongThought(700, 30));

    var jdbc = service.bean(JdbcClient.class);
    assertThat(count(jdbc, "select count(*) from fold")).isZero();
    assertThat(count(jdbc, "select count(*) from chunk")).isZero();
    assertThat(
            count(
                jdbc,
                "select sum(coalesce(char_length(text), 0) + coalesce(length(packed), 0))"
                    + " from thought where stage = 'deep_exploration'"))
        .isLessThanOrEqualTo(thought.text().length());
  }

  private static long count(JdbcClient jdbc, String query) {
    return jdbc.sql(query).query(Long.class).single();
  }

  @Test
  void goesOnByTheIdsOfItsRecentText() throws Exception {
    thought(new LongThought(700, 30));

    List<Written> folded =
        engine.requests().stream()
            .filter(request -> request.conversation().user().contains("Earlier thoughts:"))
            .map(GenerationRequest::written)
            .toList();

    assertThat(folded).isNotEmpty();
    assertThat(folded)
        .allSatisfy(
            written -> assertThat(written.ids()).hasSize(engine.countTokens(written.text())));
  }

  @Test
  void aSummaryThatLacksAFactIsTriedAgainWithTheFactNamed() throws Exception {
    var script =
        new LongThought(700, 30)
            .forgetsIn(asked -> !asked.conversation().user().contains("Missing:"));

    Thought thought = thought(script);

    assertThat(LongThought.codesIn(thought.conclusion())).isEqualTo(script.codes());
    assertThat(script.missingTold())
        .isNotEmpty()
        .allSatisfy(told -> assertThat(told).containsPattern("missing: G\\d+"));
    var meters = service.bean(MeterRegistry.class);
    assertThat(meters.get("ponder.memory.retries").counter().count()).isPositive();
    assertThat(
            meters.get("ponder.memory.compressions").tag("outcome", "accepted").counter().count())
        .isPositive();
    assertThat(meters.get("ponder.memory.compression.ratio").summary().max()).isLessThan(0.5);
  }

  @Test
  void whatNoSummaryKeepsStaysAsItIs() throws Exception {
    var script =
        new LongThought(400, 30)
            .forgetsIn(asked -> asked.conversation().user().contains("Gate G3 "));

    Thought thought = thought(script);

    assertThat(LongThought.codesIn(thought.conclusion())).isEqualTo(script.codes());
    assertThat(
            service
                .bean(MeterRegistry.class)
                .get("ponder.memory.compressions")
                .tag("outcome", "rejected")
                .counter()
                .count())
        .isPositive();
    assertThat(foldNotes()).anyMatch(note -> note.contains("rejected 2 times"));
  }

  /// Nothing that it thinks passes: the thought still comes to its end, and says so.
  @Test
  void aThoughtThatCannotBeCompressedStillEnds() throws Exception {
    var script = new LongThought(450, 4).forgetsIn(asked -> true);

    Thought thought = thought(script);

    assertThat(thought.conclusion()).contains("Answer: 13");
    assertThat(thought.text()).startsWith(script.text().substring(0, 4000));
  }

  @Test
  void aThoughtThatFitsIsLeftAlone() throws Exception {
    thought(new LongThought(100, 30));

    assertThat(folds()).isZero();
    assertThat(engine.requests()).noneMatch(request -> request.affinity().startsWith("memory/"));
  }

  private long folds() {
    return foldNotes().size();
  }

  private List<String> foldNotes() {
    UUID job = service.bean(JdbcClient.class).sql("select id from job").query(UUID.class).single();
    return service.bean(Lines.class).of(job, Kind.THOUGHT_FOLDED, Limit.of(1000)).stream()
        .map(JournalEntry::note)
        .toList();
  }
}
