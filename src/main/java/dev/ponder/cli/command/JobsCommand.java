package dev.ponder.cli.command;

import static dev.ponder.cli.output.Listing.field;

import dev.ponder.cli.client.ServiceClient;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.JobView;
import dev.ponder.cli.output.Json;
import dev.ponder.cli.output.Listing;
import dev.ponder.cli.output.Listing.Column;
import dev.ponder.cli.output.Misuse;
import dev.ponder.cli.output.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "jobs", description = "List jobs.")
final class JobsCommand extends ClientCommand {

  private static final int PAGE = 200;

  /// Enough of a prompt to tell one job from another.
  private static final int PROMPT = 40;

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

  JobsCommand(CliEnvironment surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new Misuse("--limit " + limit + ": at least 1.");
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
      if (items.isEmpty()) {
        say("No jobs" + (status == null ? "." : " are " + status + "."));
      } else {
        table(items).forEach(this::say);
      }
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

  private List<String> table(ArrayNode items) {
    Instant now = surroundings().time().instant();
    return Listing.table(
        items.values(),
        List.of(
            field("JOB", "id"),
            new Column("STATUS", job -> status(new JobView(job))),
            new Column("STAGE", job -> Words.stage(Json.text(job, "stage", ""))),
            new Column("DONE", job -> Math.round(new JobView(job).percent()) + "%"),
            new Column("TOKENS", job -> Words.count(new JobView(job).tokens())),
            field("MODEL", "model"),
            new Column("CREATED", job -> age(new JobView(job), now)),
            new Column("PROMPT", job -> Words.cut(Json.text(job, "promptBegins", ""), PROMPT))));
  }

  private static String status(JobView job) {
    return job.status() + (job.json().path("waitingFor").isObject() ? ", waits" : "");
  }

  private static String age(JobView job, Instant now) {
    Duration age = job.age(now);
    return age == null ? "" : Words.age(age);
  }
}
