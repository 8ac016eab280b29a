package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.cli.output.Json;
import dev.ponder.start.ServiceFile;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Commands that follow a job to its end.
class WatchingCommandsTests extends CommandLine {

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
        .contains("initial analysis finished: 50 tokens, closed early.");
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
    "'{\"id\":\"j1\",\"status\":\"completed\",\"answer\":{\"completeness\":\"partial\"}}', 9, not all stages"
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
  void tellsOfEachBranchInPlainLinesAndOfTheJobsEndLast() {
    service.says("GET /v1/jobs/j1", BRANCHES_RUNNING, BRANCHES_DONE);

    shell.run("watch", "j1");

    assertThat(shell.out)
        .containsSubsequence(
            "Job j1 is running.\n",
            "deep exploration began, ",
            "deep exploration, branch 1 finished: 10 tokens, 50.0 tokens/s.\n",
            "deep exploration, branch 2 finished: 20 tokens, 70.0 tokens/s, closed early.\n",
            "deep exploration finished: 30 tokens, 120 tokens/s.\n",
            "Job j1 is completed.\n");
  }

  @Test
  void watchesAcrossARestartOfTheServiceAtAnotherAddress() throws Exception {
    shell.environment.clear();
    long pid = ProcessHandle.current().pid();
    new ServiceFile(pid, URI.create(service.url()), Instant.now()).writeTo(data);
    service.says("GET /v1/jobs/j1", RUNNING);
    FakeService restarted = new FakeService();
    restarted.says("GET /v1/jobs/j1", COMPLETED);
    service.afterwards(
        3,
        () -> {
          service.close();
          new ServiceFile(pid, URI.create(restarted.url()), Instant.now()).writeTo(data);
        });

    int exit = shell.run("watch", "j1", "--data", data.toString());

    restarted.close();
    assertThat(exit).isZero();
    assertThat(shell.out).contains("The service does not answer; trying for 60 s.").contains("13");
  }
}
