package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.Job;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Submission;
import dev.ponder.job.web.Api;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.memory.PromptContents;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What later stages read of earlier ones: originals where they fit, summaries where they do not or
/// where the pipeline wants them, and originals again for a verification that doubts.
class BetweenStagesTests {

  private static final String DETOUR = "Detour 7 leads nowhere at all.\n";

  @TempDir Path data;
  private final ScriptedEngine engine =
      new ScriptedEngine("scripted").can(LongThought.context(40_000)).writes(this::turn);
  private ScriptedService service;
  private boolean doubtsSummaries;
  private boolean doubtsAll;
  private volatile JsonNode whileVerifyingAgain;

  @BeforeEach
  void writePipelines() throws Exception {
    Path folder = Files.createDirectories(data.resolve("pipelines"));
    String qwen = Files.readString(Path.of("stage-configs/qwen3-30b-thinking.yaml"));
    Files.writeString(folder.resolve("plain.yaml"), qwen);
    Files.writeString(
        folder.resolve("between.yaml"),
        qwen.replace("compression:\n", "compression:\n  betweenStages: true\n"));
  }

  private Job ended(String pipeline) {
    service =
        new ScriptedService(
            TestDatabase.H2.settings(data),
            engine,
            "ponder.pipelines-folder=" + data.resolve("pipelines"));
    var submission = new Submission("How many coins?", pipeline, null, null, 7L, Map.of());
    Job job = service.ended(service.submit(submission));
    assertThat(job.status()).as("%s", job.failure()).isEqualTo(JobStatus.COMPLETED);
    return job;
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void withoutNeedEveryStageReadsOriginals() {
    Job job = ended("plain");

    assertThat(engine.requests()).noneMatch(request -> isFor(request, "You condense"));
    assertThat(asked("You bring")).contains(DETOUR);
    assertThat(makeUps(job)).noneMatch(PromptContents::hasSummaries);
  }

  @Test
  void aPipelineCanHaveEveryThoughtCompressedForTheNextStage() {
    Job job = ended("between");

    assertThat(asked("You solve")).contains("In short:").doesNotContain("Facts: 60 coins");
    assertThat(asked("You bring")).contains("In short:").doesNotContain(DETOUR);
    assertThat(asked("You verify")).contains("In short:").contains("# Candidate\n13");
    assertThat(asked("You write")).contains("In short:");
    assertThat(job.answer().orElseThrow().text()).isEqualTo("13 coins are left.");
    assertThat(makeUps(job).stream().filter(PromptContents::hasSummaries)).hasSize(6);
  }

  @Test
  void synthesisReadsCompressedBranchesWhereTheOriginalsDoNotFit() {
    engine.can(LongThought.context(12_000));

    Job job = ended("plain");

    String synthesis = asked("You bring");
    assertThat(synthesis).contains("In short:").doesNotContain(DETOUR);
    assertThat(makeUp(job, "synthesis").parts())
        .filteredOn(part -> part.what().equals("reasoning"))
        .hasSize(3)
        .allSatisfy(part -> assertThat(part.form()).isEqualTo("compressed"));
    assertThat(makeUp(job, "synthesis").longTerm()).isPositive();
  }

  @Test
  void aVerificationThatDoubtsASummaryGetsTheOriginalsBack() {
    doubtsSummaries = true;

    Job job = ended("between");

    List<GenerationRequest> verifications =
        engine.requests().stream().filter(request -> isFor(request, "You verify")).toList();
    assertThat(verifications.getFirst().conversation().user()).contains("In short:");
    assertThat(verifications.getLast().conversation().user())
        .doesNotContain("In short:")
        .contains("Facts: 60 coins");
    assertThat(service.thoughts(job.id()))
        .extracting(Thought::key)
        .contains(
            new ThoughtKey(Stage.VERIFICATION, 1, 1), new ThoughtKey(Stage.VERIFICATION, 1, 2));
    assertThat(job.answer().orElseThrow().restsOn()).contains("verification recomputed the same");
  }

  @Test
  void aClientThatPollsSeesTheVerificationWithTheOriginals() {
    doubtsSummaries = true;

    Job job = ended("between");

    assertThat(whileVerifyingAgain.get("status").asString()).isEqualTo("running");
    assertThat(whileVerifyingAgain.get("conclusion").isNull()).isTrue();
    assertThat(branch(whileVerifyingAgain, 0)).isEqualTo("1 completed, first");
    assertThat(branch(whileVerifyingAgain, 1)).isEqualTo("2 running, with originals");
    var afterwards = verification(job.id().toString());
    assertThat(afterwards.get("status").asString()).isEqualTo("completed");
    assertThat(afterwards.get("conclusion").asString()).contains("Verdict: correct");
    assertThat(branch(afterwards, 1)).isEqualTo("2 completed, with originals");
    assertThat(afterwards.get("tokens").asInt())
        .isEqualTo(
            service.thoughts(job.id()).stream()
                .filter(thought -> thought.key().stage() == Stage.VERIFICATION)
                .mapToInt(Thought::tokens)
                .sum());
  }

  @Test
  void aVerificationThatDoubtsOriginalsIsNotAskedAgain() {
    doubtsAll = true;

    Job job = ended("plain");

    assertThat(service.thoughts(job.id()))
        .extracting(Thought::key)
        .doesNotContain(new ThoughtKey(Stage.VERIFICATION, 1, 2));
    assertThat(verification(job.id().toString()).get("branches").size()).isEqualTo(1);
  }

  @Test
  void theMakeUpOfEachPromptIsServed() {
    Job job = ended("between");

    var items =
        new Api(service.port()).get("/v1/jobs/%s/prompts".formatted(job.id())).json().get("items");

    assertThat(items.size()).isEqualTo(7);
    assertThat(items.get(0).get("thought").asString()).isEqualTo("initial_analysis.1.1");
    assertThat(items.get(0).get("parts").size()).isZero();
    var synthesis = items.get(4);
    assertThat(synthesis.get("thought").asString()).isEqualTo("synthesis.1.1");
    assertThat(synthesis.get("tiers").get("longTerm").asInt()).isPositive();
    assertThat(synthesis.get("tiers").get("context").asInt()).isPositive();
    assertThat(synthesis.get("contextTokens").asInt()).isEqualTo(40_000);
    assertThat(synthesis.get("parts").get(0).get("form").asString()).isEqualTo("compressed");
    assertThat(synthesis.get("parts").get(0).get("because").asString())
        .isEqualTo("all thoughts are compressed");
  }

  /// The progress of the verification, as a client reads it.
  private JsonNode verification(String job) {
    return new Api(service.port()).get("/v1/jobs/" + job).json().get("stages").get(3);
  }

  private static String branch(JsonNode stage, int index) {
    JsonNode branch = stage.get("branches").get(index);
    return "%d %s, %s"
        .formatted(
            branch.get("number").asInt(),
            branch.get("status").asString(),
            branch.get("withOriginals").asBoolean() ? "with originals" : "first");
  }

  private List<PromptContents> makeUps(Job job) {
    return service.journal(job.id()).stream()
        .filter(line -> line.kind() == Kind.PROMPT_MADE)
        .map(line -> PromptContents.read(line.note()).orElseThrow())
        .toList();
  }

  private PromptContents makeUp(Job job, String stage) {
    return service.journal(job.id()).stream()
        .filter(line -> line.kind() == Kind.PROMPT_MADE && stage.equals(line.stage()))
        .map(line -> PromptContents.read(line.note()).orElseThrow())
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFor(GenerationRequest request, String system) {
    return request.conversation().system().startsWith(system);
  }

  /// The last prompt that a stage was asked with.
  private String asked(String system) {
    return engine.requests().stream()
        .filter(request -> isFor(request, system))
        .reduce((before, last) -> last)
        .orElseThrow()
        .conversation()
        .user();
  }

  private String turn(GenerationRequest request) {
    String user = request.conversation().user();
    String system = request.conversation().system();
    if (system.startsWith("You condense")) {
      if (!user.contains("# What the notes came to\n")) {
        return "I look.\n</think>\n\nIn short: detours.";
      }
      int at = user.indexOf("# What the notes came to\n") + 25;
      String conclusion = user.substring(at, user.indexOf("\n\n# Your task", at));
      return "I look.\n</think>\n\nIn short: "
          + conclusion.replace("Facts: 60 coins", "Of 60 coins");
    }
    if (doubtsSummaries && system.startsWith("You verify") && !user.contains("In short:")) {
      var jobs = new Api(service.port()).get("/v1/jobs").json().get("items");
      whileVerifyingAgain = verification(jobs.get(0).get("id").asString());
    }
    String conclusion =
        switch (system.split(" ")[1]) {
          case "prepare" -> "Facts: 60 coins.\nPlan: take 47 coins away.";
          case "solve" -> "60 - 47 = 13.\nAnswer: 13";
          case "bring" -> "All take 47 from 60.\nCandidate: 13";
          case "verify" ->
              doubtsAll || (doubtsSummaries && user.contains("In short:"))
                  ? "Verdict: wrong\nAnswer: 14\nConfidence: 0.4"
                  : "Verdict: correct\nAnswer: 13\nConfidence: 0.9";
          default -> "13 coins are left.";
        };
    return detours(system.startsWith("You solve") ? 700 : 20) + "</think>\n\n" + conclusion;
  }

  private static String detours(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj("Detour %d leads nowhere at all.\n"::formatted)
        .collect(Collectors.joining());
  }
}
