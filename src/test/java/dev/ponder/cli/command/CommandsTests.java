package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.cli.client.RunningService;
import dev.ponder.start.ServiceFile;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What commands send, and how they fail.
class CommandsTests extends CommandLine {

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

    assertThat(service.headers).containsExactly("Bearer from the environment");
  }

  @ParameterizedTest
  @CsvSource({
    "models --api-key s3cret-key, PONDER_API_KEY",
    "models --server http://me:s3cret-key@127.0.0.1:1, PONDER_SERVER",
    "pull mini --from https://me:s3cret-key@127.0.0.1/m.gguf, --from"
  })
  void aSecretOnTheCommandLineIsNotTaken(String words, String instead) {
    assertThat(shell.run(words.split(" "))).isEqualTo(2);

    assertThat(shell.err)
        .contains("every user of this machine", instead)
        .doesNotContain("s3cret-key");
    assertThat(service.headers).isEmpty();
  }

  @Test
  void cancelsAJob() {
    service.says("POST /v1/jobs/j1/cancel", "{\"id\":\"j1\",\"status\":\"cancelled\"}");

    assertThat(shell.run("cancel", "j1")).isZero();
    assertThat(shell.out).isEqualTo("Job j1 is cancelled.\n");
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
    new ServiceFile(pid, URI.create(service.url()), Instant.now()).writeTo(data);
    int live = shell.run("models", "--data", data.toString());

    Instant beforeThisProcess = Instant.now().minus(Duration.ofDays(1));
    new ServiceFile(pid, URI.create(service.url()), beforeThisProcess).writeTo(data);

    assertThat(live).isZero();
    assertThat(RunningService.in(data)).isEmpty();
    Files.writeString(data.resolve("service.json"), "{\"pid\":");
    assertThat(RunningService.in(data)).isEmpty();
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
}
