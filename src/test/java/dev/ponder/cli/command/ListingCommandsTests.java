package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Commands that show what there is.
class ListingCommandsTests extends CommandLine {

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
        .contains("· branch 2        done        20  70.0 tokens/s  closed early\n")
        .contains("13\n")
        .doesNotContain("finished");
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
}
