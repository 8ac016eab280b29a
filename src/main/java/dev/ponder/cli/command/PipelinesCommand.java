package dev.ponder.cli.command;

import static dev.ponder.cli.output.Listing.field;

import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Json;
import dev.ponder.cli.output.Listing;
import dev.ponder.cli.output.Listing.Column;
import dev.ponder.cli.output.Words;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "pipelines", description = "List the pipelines a job can go through.")
final class PipelinesCommand extends ClientCommand {

  private static final int SHORT_HASH = 12;

  private static final List<Column> COLUMNS =
      List.of(
          field("PIPELINE", "name"),
          new Column("BRANCHES", pipeline -> Words.count(branches(pipeline))),
          new Column("TOKENS AT MOST", pipeline -> Words.count(tokens(pipeline))),
          new Column("TIME AT MOST", PipelinesCommand::time),
          new Column("HASH", pipeline -> hash(Json.text(pipeline, "hash", ""))),
          field("DESCRIPTION", "description"));

  PipelinesCommand(CliEnvironment surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    JsonNode answer = service().get("/v1/pipelines");
    Collection<JsonNode> pipelines = Listing.items(answer);
    if (json()) {
      print(answer);
    } else if (pipelines.isEmpty()) {
      say("No pipelines.");
    } else {
      Listing.table(pipelines, COLUMNS).forEach(this::say);
    }
    return Exit.OK.code();
  }

  private static long branches(JsonNode pipeline) {
    return pipeline.path("stages").values().stream()
        .mapToLong(stage -> Json.number(stage, "branches"))
        .max()
        .orElse(0);
  }

  private static long tokens(JsonNode pipeline) {
    return pipeline.path("stages").values().stream()
        .mapToLong(stage -> Json.number(stage, "maxTokens") * Json.number(stage, "branches"))
        .sum();
  }

  private static String time(JsonNode pipeline) {
    return Words.seconds(Duration.ofSeconds(Json.number(pipeline, "timeoutSeconds")));
  }

  private static String hash(String hash) {
    return hash.length() <= SHORT_HASH ? hash : hash.substring(0, SHORT_HASH);
  }
}
