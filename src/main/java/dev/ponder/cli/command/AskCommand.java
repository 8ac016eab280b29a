package dev.ponder.cli.command;

import dev.ponder.cli.client.OwnService;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.JobView;
import dev.ponder.cli.output.Misuse;
import dev.ponder.cli.output.Progress;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "ask",
    description = {
      "Ask, watch the thinking, and print the answer.",
      "Uses the service that runs on the data folder, or starts one and ends it afterwards."
    })
final class AskCommand extends WatchingCommand {

  @Parameters(
      paramLabel = "PROMPT",
      description = "The question; '-' reads it from standard input.")
  private String prompt = "";

  @Option(
      names = "--pace",
      paramLabel = "N",
      description = "Write at most N tokens/s in each thought, to watch it or to interrupt it.")
  private @Nullable Integer pace;

  @Mixin private JobOptions options = new JobOptions();

  AskCommand(CliEnvironment surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    if (pace != null && pace < 0) {
      throw new Misuse("--pace " + pace + ": tokens/s cannot be negative; 0 means no limit.");
    }
    JsonNode submission = options.submission(prompt(prompt));
    Progress progress = progress(surroundings().err());
    OwnService access = new OwnService(choice(), pace, true, progress);
    return onAService(
        access,
        progress,
        (service, interruption) -> {
          JsonNode job = service.post("/v1/jobs", submission);
          String id = new JobView(job).id();
          return watch(id, service, access::connect, progress, interruption);
        });
  }
}
