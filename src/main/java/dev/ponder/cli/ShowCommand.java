package dev.ponder.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "show",
    description = {
      "Show a job and its answer, or what was thought.",
      "Uses the service that runs on the data folder, or starts one and ends it afterwards."
    })
final class ShowCommand extends WatchingCommand {

  /// A job has five stages with a few branches each; more pages than this are a service gone wrong.
  private static final int PAGES = 100;

  @Parameters(paramLabel = "ID", description = "The job.")
  private String id = "";

  @Option(names = "--thoughts", description = "Print what the model thought, stage by stage.")
  private boolean thoughts;

  ShowCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    Progress progress = json() ? new NoProgress() : new Notes(surroundings().err());
    OwnService access = new OwnService(this, null, false, progress);
    return onAService(
        access,
        progress,
        (service, interruption) -> {
          if (thoughts) {
            showThoughts(service);
          } else {
            showJob(service);
          }
          return Exit.OK.code();
        });
  }

  private void showJob(ServiceClient service) {
    JobView job = new JobView(service.get(ServiceClient.jobPath(id)));
    if (json()) {
      print(job.json());
      return;
    }
    String prompt = Json.text(job.json(), "prompt");
    if (prompt != null) {
      say(prompt + "\n");
    }
    PlainProgress lines = new PlainProgress(surroundings().out(), surroundings().time());
    lines.show(job);
    say("");
    report(job, service);
  }

  private void showThoughts(ServiceClient service) {
    ArrayNode items = Json.array();
    String cursor = null;
    for (int page = 0; page < PAGES; page++) {
      String query = cursor == null ? "" : "&cursor=" + ServiceClient.encoded(cursor);
      JsonNode answer = service.get(ServiceClient.jobPath(id) + "/thoughts?limit=50" + query);
      Listing.items(answer).forEach(items::add);
      cursor = Json.text(answer, "nextCursor");
      if (cursor == null) {
        break;
      }
    }
    if (json()) {
      ObjectNode document = Json.object();
      document.set("items", items);
      document.put("nextCursor", cursor);
      print(document);
    } else if (items.isEmpty()) {
      say("No thoughts yet.");
    } else {
      items.values().forEach(thought -> thought(thought).forEach(this::say));
    }
  }

  private static List<String> thought(JsonNode thought) {
    boolean forced =
        thought.path("forcedClose").isBoolean() && thought.path("forcedClose").booleanValue();
    String head =
        "── "
            + Words.stage(Json.text(thought, "stage", "?"))
            + ", branch "
            + Json.text(thought, "branch", "1")
            + ", "
            + Words.tokens(Json.number(thought, "tokens"))
            + (forced ? ", closed at its budget" : "");
    String conclusion = Json.text(thought, "conclusion", "").strip();
    return List.of(
        head,
        Json.text(thought, "text", "").strip(),
        conclusion.isEmpty() ? "" : "→ " + conclusion + "\n");
  }

  /// Shows sentences, and nothing of a job.
  private record Notes(java.io.PrintWriter err) implements Progress {

    @Override
    public void show(JobView job) {}

    @Override
    public void note(String sentence) {
      err.println(sentence);
      err.flush();
    }

    @Override
    public void close() {}
  }
}
