package dev.ponder.cli.command;

import static dev.ponder.cli.output.Listing.field;

import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Json;
import dev.ponder.cli.output.Listing;
import dev.ponder.cli.output.Listing.Column;
import dev.ponder.cli.output.Words;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
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
          new Column("MODES", ModelsCommand::modes),
          new Column("CONTEXT", model -> Words.countIfKnown(model, "context")),
          field("STATE", "state"),
          field("DETAIL", "detail"));

  /// What comes after the colon where a job asks for a mode.
  private static String modes(JsonNode model) {
    return model.path("profile").path("modes").values().stream()
        .map(mode -> Json.text(mode, "name", ""))
        .map(name -> name.substring(name.indexOf(':') + 1))
        .collect(Collectors.joining(", "));
  }

  ModelsCommand(CliEnvironment surroundings) {
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
      if (models.stream().anyMatch(model -> !modes(model).isEmpty())) {
        say("A mode is asked for as MODEL:MODE.");
      }
    }
    return Exit.OK.code();
  }
}
