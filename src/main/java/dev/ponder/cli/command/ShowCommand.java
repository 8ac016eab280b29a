package dev.ponder.cli.command;

import dev.ponder.cli.client.OwnService;
import dev.ponder.cli.client.ServiceClient;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.JobView;
import dev.ponder.cli.output.JobView.BranchView;
import dev.ponder.cli.output.JobView.StageView;
import dev.ponder.cli.output.JobView.State;
import dev.ponder.cli.output.Json;
import dev.ponder.cli.output.Listing;
import dev.ponder.cli.output.NoProgress;
import dev.ponder.cli.output.Progress;
import dev.ponder.cli.output.Words;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
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

  @Option(
      names = "--original",
      description = "With --thoughts: as they were written, also where they have been compressed.")
  private boolean original;

  ShowCommand(CliEnvironment surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    Progress progress = json() ? new NoProgress() : new Notes(surroundings().err());
    OwnService access = new OwnService(choice(), null, false, progress);
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
    summary(job).forEach(this::say);
    say("");
    report(job, service);
  }

  /// Where the job is, and a line for each stage and for each of several branches.
  private List<String> summary(JobView job) {
    List<String> lines = new ArrayList<>();
    Duration left = job.left(surroundings().time().instant());
    lines.add(
        "Job "
            + job.id()
            + " on "
            + Words.line(Json.text(job.json(), "model", "?"))
            + ": "
            + job.status()
            + (job.ended() ? "" : ", " + Math.round(job.percent()) + "%")
            + (Json.text(job.json(), "archivedAt") == null ? "" : ", archived")
            + (left == null ? "" : ", " + Words.clock(left) + " left"));
    String waits = job.waits(ZoneId.systemDefault());
    if (waits != null) {
      lines.add("It " + waits + ". It goes on by itself.");
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("STAGE", "STATUS", "TOKENS", "SPEED", ""));
    for (StageView stage : job.stages()) {
      boolean several = stage.branches().size() > 1;
      boolean forced = stage.branches().stream().anyMatch(BranchView::forcedClose);
      rows.add(
          row(
              Words.stage(stage.name()),
              stage.state(),
              stage.tokens(),
              stage.tokensPerSecond(),
              forced && !several));
      if (several && stage.tokens() > 0) {
        stage.branches().forEach(branch -> rows.add(row(branch)));
      }
    }
    lines.addAll(Listing.columns(rows));
    return lines;
  }

  private static List<String> row(BranchView branch) {
    return row(
        "· " + branch.name(),
        branch.state(),
        branch.tokens(),
        branch.tokensPerSecond(),
        branch.forcedClose());
  }

  private static List<String> row(
      String name, State state, long tokens, double speed, boolean forced) {
    return List.of(
        name,
        state.word(),
        tokens == 0 ? "" : Words.count(tokens),
        speed > 0 ? Words.speed(speed) : "",
        forced ? "closed early" : "");
  }

  private void showThoughts(ServiceClient service) {
    ArrayNode items = Json.array();
    String form = original ? "&form=original" : "";
    String cursor = null;
    for (int page = 0; page < PAGES; page++) {
      String query = cursor == null ? "" : "&cursor=" + ServiceClient.encoded(cursor);
      JsonNode answer =
          service.get(ServiceClient.jobPath(id) + "/thoughts?limit=50" + form + query);
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
      long compressed = items.values().stream().filter(ShowCommand::isCompressed).count();
      if (compressed > 0) {
        say(
            "%d of %d thoughts are shown compressed. As they were written: %s"
                .formatted(
                    compressed, items.size(), hint("show " + id + " --thoughts --original")));
      }
    }
  }

  private static boolean isCompressed(JsonNode thought) {
    return Json.text(thought, "form", "original").equals("compressed");
  }

  private static List<String> thought(JsonNode thought) {
    boolean forced = Json.flag(thought, "forcedClose");
    String head =
        "── "
            + Words.line(Words.stage(Json.text(thought, "stage", "?")))
            + ", branch "
            + Words.line(Json.text(thought, "branch", "1"))
            + ", "
            + Words.tokens(Json.number(thought, "tokens"))
            + (forced ? ", closed early" : "")
            + (isCompressed(thought) ? ", compressed" : "");
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
