package dev.ponder.cli.command;

import dev.ponder.cli.client.ServiceClient;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "restore",
    description = {
      "Take what a job thought out of the archive.",
      "It can be read there as well; this is for work on it."
    })
final class RestoreCommand extends ClientCommand {

  @Parameters(paramLabel = "ID", description = "The job.")
  private String id = "";

  RestoreCommand(CliEnvironment surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    JsonNode job = service().post(ServiceClient.jobPath(id) + "/restore");
    if (json()) {
      print(job);
    } else {
      say("Job " + id + " is not in the archive.");
    }
    return Exit.OK.code();
  }
}
