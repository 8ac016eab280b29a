package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Thoughts in their two forms, and jobs in the archive, on the command line.
class KeptThoughtsCommandsTests extends CommandLine {

  @Test
  void saysWhichThoughtsAreCompressedAndHowToSeeTheOriginals() {
    service.says(
        "GET /v1/jobs/j1/thoughts?limit=50",
        """
        {"items":[{"stage":"synthesis","branch":1,"tokens":3,"text":"Key: 13","conclusion":"13","form":"compressed"},
          {"stage":"verification","branch":1,"tokens":4,"text":"so","conclusion":"13","form":"original"}]}
        """);

    assertThat(shell.run("show", "j1", "--thoughts")).isZero();

    assertThat(shell.out)
        .contains("── synthesis, branch 1, 3 tokens, compressed\nKey: 13")
        .contains("── verification, branch 1, 4 tokens\nso")
        .endsWith(
            "1 of 2 thoughts are shown compressed. As they were written: ./ponder show j1 --thoughts --original\n");
  }

  @Test
  void showsTheOriginals() {
    service.says(
        "GET /v1/jobs/j1/thoughts?limit=50&form=original",
        """
        {"items":[{"stage":"synthesis","branch":1,"tokens":3,"text":"so","conclusion":"13","form":"original"}]}
        """);

    assertThat(shell.run("show", "j1", "--thoughts", "--original")).isZero();

    assertThat(shell.out)
        .contains("── synthesis, branch 1, 3 tokens\nso")
        .doesNotContain("compressed");
  }

  @Test
  void restoresAJob() {
    service.says("POST /v1/jobs/j1/restore", "{\"id\":\"j1\",\"status\":\"completed\"}");

    assertThat(shell.run("restore", "j1")).isZero();

    assertThat(shell.out).isEqualTo("Job j1 is not in the archive.\n");
  }
}
