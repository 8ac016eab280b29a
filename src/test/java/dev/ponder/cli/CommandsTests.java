package dev.ponder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CommandsTests {

  private static final String RUNNING =
      """
      {"id":"j1","status":"running","deadline":"2999-01-01T00:00:00Z",
       "progress":{"percent":20,"tokens":5,"tokensPerSecond":40},
       "stages":[{"name":"initial_analysis","status":"running","tokens":5,"budget":50,
                  "branches":[{"number":1,"status":"running","tokens":5}]}]}
      """;

  private static final String COMPLETED =
      """
      {"id":"j1","status":"completed","stage":"final_output","model":"mini","pipeline":"mini",
       "createdAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:12Z",
       "progress":{"percent":100,"tokens":1234},
       "stages":[{"name":"initial_analysis","status":"completed","tokens":50,"budget":50,
                  "branches":[{"number":1,"status":"completed","tokens":50,"forcedClose":true}]}],
       "answer":{"text":"13","confidence":0.93,"completeness":"full",
                 "restsOn":["3 of 3 branches agree"]}}
      """;

  private static final String BRANCHES_RUNNING =
      """
      {"id":"j1","status":"running","model":"mini","deadline":"2999-01-01T00:00:00Z",
       "stages":[{"name":"deep_exploration","status":"running","tokens":15,"budget":50,"branches":[
         {"number":1,"status":"completed","tokens":10,"tokensPerSecond":50.0},
         {"number":2,"status":"running","tokens":5,"tokensPerSecond":60.0}]}]}
      """;

  private static final String BRANCHES_DONE =
      """
      {"id":"j1","status":"completed","model":"mini","progress":{"percent":100,"tokens":30},
       "stages":[{"name":"deep_exploration","status":"completed","tokens":30,"budget":50,"branches":[
         {"number":1,"status":"completed","tokens":10,"tokensPerSecond":50.0},
         {"number":2,"status":"completed","tokens":20,"tokensPerSecond":70.0,"forcedClose":true}]}],
       "answer":{"text":"13","confidence":0.93,"completeness":"full"}}
      """;

  @TempDir private Path data;
  private final FakeService service = new FakeService();
  private final Shell shell = new Shell();

  @BeforeEach
  void namesTheService() {
    shell.environment.put("PONDER_SERVER", service.url());
  }

  @AfterEach
  void stopsTheService() {
    service.close();
  }

  @Test
  void submitsWithEveryOptionAndPrintsTheId() {
    service.says("POST /v1/jobs", "{\"id\":\"j1\",\"status\":\"queued\"}");

    int exit =
        shell.run(
            "submit", "why?", "--model", "m", "--pipeline", "p", "--deadline", "60", "--seed", "7");

    assertThat(exit).isZero();
    assertThat(shell.out).isEqualTo("j1\n");
    assertThat(service.bodies.getFirst())
        .isEqualTo(
            "{\"prompt\":\"why?\",\"model\":\"m\",\"pipeline\":\"p\",\"deadlineSeconds\":60,\"seed\":7}");
  }

  @Test
  void readsThePromptFromStandardInput() {
    service.says("POST /v1/jobs", "{\"id\":\"j1\"}");
    shell.input = "two\nlines\n";

    shell.run("submit", "-");

    assertThat(service.bodies.getFirst()).isEqualTo("{\"prompt\":\"two\\nlines\"}");
  }

  @Test
  void sendsTheApiKey() {
    service.says("GET /v1/models", "{\"items\":[]}");
    shell.environment.put("PONDER_API_KEY", "from the environment");

    shell.run("models");
    shell.run("models", "--api-key", "from the option");

    assertThat(service.headers)
        .containsExactly("Bearer from the environment", "Bearer from the option");
  }

  @Test
  void asksAndPrintsTheAnswerAloneOnStandardOutput() {
    service.says("POST /v1/jobs", RUNNING).says("GET /v1/jobs/j1", RUNNING, COMPLETED);

    int exit = shell.run("ask", "why?");

    assertThat(exit).isZero();
    assertThat(shell.out)
        .startsWith("13\n")
        .contains("Confidence: very high (0.93)")
        .contains("Rests on:   3 of 3 branches agree")
        .contains("1,234 tokens in 12.0 s")
        .contains("./ponder show j1 --thoughts")
        .contains("curl -s " + service.url() + "/v1/jobs/j1/thoughts")
        .doesNotContain("\u001b");
    assertThat(shell.err)
        .contains("initial analysis began")
        .contains("initial analysis finished: 50 tokens, closed at its budget.");
  }

  @Test
  void saysThatThePaceOfARunningServiceCounts() {
    service.says("POST /v1/jobs", COMPLETED).says("GET /v1/jobs/j1", COMPLETED);

    shell.run("ask", "why?", "--pace", "40");

    assertThat(shell.err).contains("--pace is ignored");
  }

  @Test
  void asksWithJsonAndWritesOneDocument() {
    service.says("POST /v1/jobs", RUNNING).says("GET /v1/jobs/j1", RUNNING, COMPLETED);

    int exit = shell.run("ask", "why?", "--json");

    assertThat(exit).isZero();
    assertThat(shell.out.lines()).hasSize(1);
    assertThat(read(shell.out).path("answer").path("text").asString()).isEqualTo("13");
    assertThat(shell.err).isEmpty();
  }

  @Test
  void watchesWithOneJsonObjectALineAndDoesNotRepeatWhatIsUnchanged() {
    service.says("GET /v1/jobs/j1", RUNNING, RUNNING, RUNNING, COMPLETED);

    int exit = shell.run("watch", "j1", "--json");

    assertThat(exit).isZero();
    assertThat(shell.out.lines()).hasSize(2).allMatch(line -> Json.read(line) != null);
    assertThat(service.asked).contains("GET /v1/jobs/j1 304");
  }

  @Test
  void drawsInPlaceOnATerminal() {
    service.says("GET /v1/jobs/j1", RUNNING, COMPLETED);
    shell.properties.put("dev.ponder.terminal", "true");

    shell.run("watch", "j1");

    assertThat(shell.out).contains("\u001b[2A").contains("\u001b[36m").contains("initial analysis");
  }

  @Test
  void honoursNoColor() {
    service.says("GET /v1/jobs/j1", RUNNING, COMPLETED);
    shell.properties.put("dev.ponder.terminal", "true");
    shell.environment.put("NO_COLOR", "1");

    shell.run("watch", "j1");

    assertThat(shell.out).contains("\u001b[2A").doesNotContain("\u001b[36m").doesNotContain("[0m");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"id\":\"j1\",\"status\":\"failed\",\"failure\":\"the disk is full\"}', 6, the disk is full",
    "'{\"id\":\"j1\",\"status\":\"cancelled\"}', 7, cancelled",
    "'{\"id\":\"j1\",\"status\":\"paused\",\"pausedBecause\":\"no seat\"}', 8, no seat",
    "'{\"id\":\"j1\",\"status\":\"completed\",\"answer\":{\"completeness\":\"partial\"}}', 9, ran out"
  })
  void tellsHowAJobEndedByTheExitCode(String job, int exit, String words) {
    service.says("GET /v1/jobs/j1", job);

    assertThat(shell.run("watch", "j1")).isEqualTo(exit);
    assertThat(shell.out).contains(words).contains("(exit " + exit + ": ");
  }

  @Test
  void resumesAPausedJobAndOnlyWatchesARunningOne() {
    service
        .says("GET /v1/jobs/j1", "{\"id\":\"j1\",\"status\":\"paused\"}", RUNNING, COMPLETED)
        .says("POST /v1/jobs/j1/resume", RUNNING)
        .says("GET /v1/jobs/j2", RUNNING, COMPLETED);

    int paused = shell.run("resume", "j1");
    int running = shell.run("resume", "j2");

    assertThat(paused).isZero();
    assertThat(running).isZero();
    assertThat(service.asked)
        .contains("POST /v1/jobs/j1/resume")
        .doesNotContain("POST /v1/jobs/j2/resume");
  }

  @Test
  void cancelsAJob() {
    service.says("POST /v1/jobs/j1/cancel", "{\"id\":\"j1\",\"status\":\"cancelled\"}");

    assertThat(shell.run("cancel", "j1")).isZero();
    assertThat(shell.out).isEqualTo("Job j1 is cancelled.\n");
  }

  @Test
  void listsJobsPageByPage() {
    service
        .says(
            "GET /v1/jobs?limit=200&status=running",
            "{\"items\":[" + RUNNING + "],\"nextCursor\":\"c/1\"}")
        .says(
            "GET /v1/jobs?limit=200&status=running&cursor=c%2F1",
            "{\"items\":[" + COMPLETED + "],\"nextCursor\":null}");

    int exit = shell.run("jobs", "--status", "running", "--limit", "300");

    assertThat(exit).isZero();
    assertThat(shell.out.lines()).hasSize(3);
    assertThat(shell.out).contains("JOB  STATUS", "j1   running", "j1   completed  final output");
  }

  @Test
  void listsWhatAPersonWantsToKnowOfPipelines() {
    service.says(
        "GET /v1/pipelines",
        """
        {"items":[{"name":"mini","hash":"0123456789abcdef0123","timeoutSeconds":1800,
          "description":"Five stages for the embedded model, in a sentence longer than other cells.",
          "stages":[{"maxTokens":500,"branches":1},{"maxTokens":500,"branches":3}]}]}
        """);

    int exit = shell.run("pipelines");

    assertThat(exit).isZero();
    assertThat(shell.out)
        .isEqualTo(
            """
            PIPELINE  BRANCHES  TOKENS AT MOST  TIME AT MOST  HASH          DESCRIPTION
            mini             3           2,000  30 min        0123456789ab  Five stages for the \
            embedded model, in a sentence longer than other cells.
            """);
  }

  @Test
  void marksTheDefaultModelWithAStar() {
    service.says(
        "GET /v1/models",
        """
        {"items":[{"name":"mini","engine":"jllama","isDefault":true,"context":2048},
          {"name":"large","engine":"llama-server","isDefault":false,"context":null}]}
        """);

    int exit = shell.run("models");

    assertThat(exit).isZero();
    assertThat(shell.out)
        .contains("*  mini   jllama ", " 2,048", "   large  llama-server")
        .endsWith("* takes the jobs that name no model.\n");
  }

  @Test
  void summarizesAJobInATable() {
    service.says("GET /v1/jobs/j1", BRANCHES_DONE);

    int exit = shell.run("show", "j1");

    assertThat(exit).isZero();
    assertThat(shell.out)
        .contains("Job j1 on mini: completed\n")
        .contains("deep exploration  done        30  120 tokens/s\n")
        .contains("· branch 1        done        10  50.0 tokens/s\n")
        .contains("· branch 2        done        20  70.0 tokens/s  closed at its budget\n")
        .contains("13\n")
        .doesNotContain("finished");
  }

  @Test
  void tellsOfEachBranchInPlainLinesAndOfTheJobsEndLast() {
    service.says("GET /v1/jobs/j1", BRANCHES_RUNNING, BRANCHES_DONE);

    shell.run("watch", "j1");

    assertThat(shell.out)
        .containsSubsequence(
            "Job j1 is running.\n",
            "deep exploration began, ",
            "deep exploration, branch 1 finished: 10 tokens, 50.0 tokens/s.\n",
            "deep exploration, branch 2 finished: 20 tokens, 70.0 tokens/s, closed at its budget.\n",
            "deep exploration finished: 30 tokens, 120 tokens/s.\n",
            "Job j1 is completed.\n");
  }

  @Test
  void showsThoughts() {
    service.says(
        "GET /v1/jobs/j1/thoughts?limit=50",
        """
        {"items":[{"stage":"synthesis","branch":1,"tokens":3,"text":"so","conclusion":"13"}]}
        """);

    assertThat(shell.run("show", "j1", "--thoughts")).isZero();
    assertThat(shell.out).contains("── synthesis, branch 1, 3 tokens").contains("so\n→ 13");
  }

  @Test
  void tellsAnUnknownJobApart() {
    assertThat(shell.run("show", "nope")).isEqualTo(5);
    assertThat(shell.err).contains("Unknown job").endsWith("(exit 5: unknown job)\n");
  }

  @Test
  void printsAProblemWithTheNearestAcceptedWordAndWhatIsNext() {
    service.says(
        "POST /v1/jobs",
        400,
        """
        {"type":"/problems/unknown-model","title":"Unknown model","detail":"No model 'minni'.",
         "accepted":["mini","qwen3"],"next":"Choose one of them."}
        """);

    int exit = shell.run("submit", "x", "--json");

    assertThat(exit).isEqualTo(4);
    assertThat(shell.err)
        .contains("Unknown model: No model 'minni'.")
        .contains("Did you mean 'mini'? Accepted: mini, qwen3.")
        .contains("Choose one of them.")
        .endsWith("(exit 4: refused by the service)\n");
    assertThat(read(shell.out).path("error").path("problem").path("type").asString())
        .isEqualTo("/problems/unknown-model");
  }

  @Test
  void saysThatNoServiceAnswers() {
    int exit = shell.run("jobs", "--server", "http://127.0.0.1:1");

    assertThat(exit).isEqualTo(3);
    assertThat(shell.err).contains("No answer from a Ponder service at http://127.0.0.1:1");
  }

  @Test
  void findsTheServiceOfTheDataFolderUnlessItsFileIsStale() throws Exception {
    shell.environment.clear();
    service.says("GET /v1/models", "{\"items\":[]}");
    long pid = ProcessHandle.current().pid();
    new RunningService(pid, URI.create(service.url()), Instant.now()).writeTo(data);
    int live = shell.run("models", "--data", data.toString());

    Instant beforeThisProcess = Instant.now().minus(Duration.ofDays(1));
    new RunningService(pid, URI.create(service.url()), beforeThisProcess).writeTo(data);

    assertThat(live).isZero();
    assertThat(RunningService.in(data)).isEmpty();
    Files.writeString(data.resolve("service.json"), "{\"pid\":");
    assertThat(RunningService.in(data)).isEmpty();
  }

  @Test
  void watchesAcrossARestartOfTheServiceAtAnotherAddress() throws Exception {
    shell.environment.clear();
    long pid = ProcessHandle.current().pid();
    new RunningService(pid, URI.create(service.url()), Instant.now()).writeTo(data);
    service.says("GET /v1/jobs/j1", RUNNING);
    FakeService restarted = new FakeService();
    restarted.says("GET /v1/jobs/j1", COMPLETED);
    service.afterwards(
        3,
        () -> {
          service.close();
          new RunningService(pid, URI.create(restarted.url()), Instant.now()).writeTo(data);
        });

    int exit = shell.run("watch", "j1", "--data", data.toString());

    restarted.close();
    assertThat(exit).isZero();
    assertThat(shell.out).contains("The service does not answer; trying for 60 s.").contains("13");
  }

  @ParameterizedTest
  @CsvSource({
    "sumbit, Unknown command 'sumbit'. Did you mean 'submit'?",
    "help sumbit, Unknown command 'sumbit'. Did you mean 'submit'?",
    "jobs --statsu=x, Unknown option '--statsu' of 'jobs'. Did you mean '--status'?",
    "serve --prot 80, Unknown option '--prot' of 'serve'. Did you mean '--port'?",
    "submit, Missing: PROMPT.",
    "submit two words, A prompt of several words needs quotation marks",
    "jobs --limit=many, many",
    "jobs --server=ftp://x, is not the address of a service",
    "serve --port 70000, a port is a number from 0 to 65535",
    "serve --config nowhere.yaml, there is no such file"
  })
  void namesTheMistakeAndTheNearestRightWord(String words, String message) {
    assertThat(shell.run(words.split(" "))).isEqualTo(2);
    assertThat(shell.err).contains(message).endsWith("(exit 2: usage)\n");
  }

  @Test
  void turnsTheOptionsOfServeIntoSpringProperties() {
    int exit =
        shell.run(
            ("serve --port 0 --data d --pace 40 --llama-server http://a --llama-server http://b"
                    + " --openai http://c --openai http://d --ponder.deadline=10m")
                .split(" "));

    assertThat(exit).isZero();
    assertThat(shell.springArguments)
        .containsExactly(
            "--server.port=0",
            "--ponder.data=d",
            "--ponder.pace=40",
            "--ponder.llama-server=http://a,http://b",
            "--ponder.openai=http://c,http://d",
            "--ponder.deadline=10m");
  }

  @Test
  void saysTheVersionAndTheExitCodes() {
    assertThat(shell.run("version", "--json")).isZero();
    assertThat(read(shell.out).path("java").asString()).startsWith("25");

    assertThat(shell.run("submit", "--help")).isZero();
    assertThat(shell.out).contains("5   unknown job");
  }

  private static JsonNode read(String text) {
    JsonNode json = Json.read(text);
    assertThat(json).isNotNull();
    return json;
  }
}
