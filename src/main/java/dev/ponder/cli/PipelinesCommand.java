package dev.ponder.cli;

import picocli.CommandLine.Command;

@Command(name = "pipelines", description = "List the pipelines a job can go through.")
final class PipelinesCommand extends ClientCommand {

  PipelinesCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    return Listing.print(this, service().get("/v1/pipelines"), "pipelines");
  }
}
