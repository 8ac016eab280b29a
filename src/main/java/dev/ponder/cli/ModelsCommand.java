package dev.ponder.cli;

import static dev.ponder.cli.Listing.field;

import dev.ponder.cli.Listing.Column;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "models", description = "List the models the service knows.")
final class ModelsCommand extends ClientCommand {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("", model -> model.path("isDefault").asBoolean(false) ? "*" : ""),
          field("MODEL", "name"),
          field("ENGINE", "engine"),
          field("PIPELINE", "pipeline"),
          new Column("CONTEXT", model -> Words.countIfKnown(model, "context")),
          field("STATE", "state"),
          field("DETAIL", "detail"));

  ModelsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    JsonNode answer = service().get("/v1/models");
    Collection<JsonNode> models = Listing.items(answer);
    if (json()) {
      print(answer);
    } else if (models.isEmpty()) {
      say("No models.");
    } else {
      Listing.table(models, COLUMNS).forEach(this::say);
      say("\n* takes the jobs that name no model.");
    }
    return Exit.OK.code();
  }
}
