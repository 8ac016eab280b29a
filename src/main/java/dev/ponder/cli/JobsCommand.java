package dev.ponder.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "jobs", description = "List jobs.")
final class JobsCommand extends ClientCommand {

  private static final int PAGE = 200;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only jobs that are queued, running, paused, completed, failed or cancelled.")
  private @Nullable String status;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many (default: 50).")
  private int limit;

  JobsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit " + limit + ": at least 1.");
    }
    ServiceClient service = service();
    ArrayNode items = Json.array();
    String cursor = null;
    do {
      JsonNode page = service.get(path(Math.min(PAGE, limit - items.size()), cursor));
      Listing.items(page).forEach(items::add);
      cursor = Listing.items(page).isEmpty() ? null : Json.text(page, "nextCursor");
    } while (cursor != null && items.size() < limit);
    if (json()) {
      ObjectNode document = Json.object();
      document.set("items", items);
      document.put("nextCursor", cursor);
      print(document);
    } else {
      table(items).forEach(this::say);
      if (cursor != null) {
        surroundings().err().println("There are more; --limit says how many to list.");
      }
    }
    return Exit.OK.code();
  }

  private String path(int size, @Nullable String cursor) {
    return "/v1/jobs?limit="
        + size
        + (status == null ? "" : "&status=" + ServiceClient.encoded(status))
        + (cursor == null ? "" : "&cursor=" + ServiceClient.encoded(cursor));
  }

  private static List<String> table(ArrayNode items) {
    if (items.isEmpty()) {
      return List.of("No jobs.");
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "STATUS", "STAGE", "DONE", "TOKENS", "MODEL", "PIPELINE", "CREATED"));
    for (JsonNode job : items) {
      JsonNode progress = job.path("progress");
      rows.add(
          List.of(
              Json.text(job, "id", "?"),
              Json.text(job, "status", "?"),
              Json.text(job, "stage", ""),
              Math.round(Json.decimal(progress, "percent")) + "%",
              Long.toString(Json.number(progress, "tokens")),
              Json.text(job, "model", ""),
              Json.text(job, "pipeline", ""),
              Json.text(job, "createdAt", "")));
    }
    return Listing.columns(rows);
  }
}
