package dev.ponder.cli.command;

import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Json;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "submit", description = "Submit a job and print its id.")
final class SubmitCommand extends ClientCommand {

  @Parameters(
      paramLabel = "PROMPT",
      description = "The question; '-' reads it from standard input.")
  private String prompt = "";

  @Mixin private JobOptions options = new JobOptions();

  SubmitCommand(CliEnvironment surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    JsonNode job = service().post("/v1/jobs", options.submission(prompt(prompt)));
    if (json()) {
      print(job);
    } else {
      say(Json.text(job, "id", "?"));
    }
    return Exit.OK.code();
  }
}
