package dev.ponder.cli.command;

import dev.ponder.cli.client.ServiceClient;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.JobView;
import dev.ponder.cli.output.JsonProgress;
import dev.ponder.cli.output.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = {
      "Follow a job until it ends.",
      "With --json: the job as one object a line, whenever it changed."
    })
final class WatchCommand extends WatchingCommand {

  @Parameters(paramLabel = "ID", description = "The job.")
  private String id = "";

  WatchCommand(CliEnvironment surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    Progress progress =
        json() ? new JsonProgress(surroundings().out()) : progress(surroundings().out());
    return onAService(
        null,
        progress,
        (service, interruption) -> watch(id, service, this::service, progress, interruption));
  }

  @Override
  void report(JobView job, ServiceClient service) {
    if (!json()) {
      super.report(job, service);
    }
  }
}
