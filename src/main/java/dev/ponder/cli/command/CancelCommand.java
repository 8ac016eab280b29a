package dev.ponder.cli.command;

import dev.ponder.cli.client.ServiceClient;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "cancel", description = "Cancel a job that has not ended yet.")
final class CancelCommand extends ClientCommand {

  @Parameters(paramLabel = "ID", description = "The job.")
  private String id = "";

  CancelCommand(CliEnvironment surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    JsonNode job = service().post(ServiceClient.jobPath(id) + "/cancel");
    if (json()) {
      print(job);
    } else {
      say("Job " + id + " is " + Json.text(job, "status", "cancelled") + ".");
    }
    return Exit.OK.code();
  }
}
