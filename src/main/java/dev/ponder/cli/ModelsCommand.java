package dev.ponder.cli;

import picocli.CommandLine.Command;

@Command(name = "models", description = "List the models the service knows.")
final class ModelsCommand extends ClientCommand {

  ModelsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    return Listing.print(this, service().get("/v1/models"), "models");
  }
}
