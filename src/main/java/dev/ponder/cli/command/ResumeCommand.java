package dev.ponder.cli.command;

import dev.ponder.cli.client.OwnService;
import dev.ponder.cli.client.ServiceClient;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.JobView;
import dev.ponder.cli.output.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "resume",
    description = {
      "Go on with a job and watch it to its answer.",
      "Uses the service that runs on the data folder, or starts one and ends it afterwards."
    })
final class ResumeCommand extends WatchingCommand {

  @Parameters(paramLabel = "ID", description = "The job.")
  private String id = "";

  ResumeCommand(CliEnvironment surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    Progress progress = progress(surroundings().err());
    OwnService access = new OwnService(choice(), null, false, progress);
    return onAService(
        access,
        progress,
        (service, interruption) -> {
          JobView job = new JobView(service.get(ServiceClient.jobPath(id)));
          // A queued or running job goes on by itself; one that ended only has its answer to tell.
          if (job.status().equals("paused")) {
            service.post(ServiceClient.jobPath(id) + "/resume");
          }
          return watch(id, service, access::connect, progress, interruption);
        });
  }
}
