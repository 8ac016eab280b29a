package dev.ponder.cli.command;

import dev.ponder.cli.client.Interruption;
import dev.ponder.cli.client.JobWatch;
import dev.ponder.cli.client.OwnService;
import dev.ponder.cli.client.ServiceClient;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.JobView;
import dev.ponder.cli.output.NoProgress;
import dev.ponder.cli.output.PlainProgress;
import dev.ponder.cli.output.Progress;
import dev.ponder.cli.output.TerminalProgress;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A command that follows a job to its end, on a service that runs or on one of its own.
abstract class WatchingCommand extends ClientCommand {

  private volatile @Nullable OwnService own;
  private volatile @Nullable String watched;

  WatchingCommand(CliEnvironment surroundings) {
    super(surroundings);
  }

  /// What to do with the service, which may be our own and then ends afterwards.
  interface Work {
    int on(ServiceClient service, Interruption interruption);
  }

  /// Runs the work on a service, and says the last words if it is interrupted.
  ///
  /// @param access finds or starts the service, and ends the one it started; nothing to use only
  ///     what runs already
  int onAService(@Nullable OwnService access, Progress progress, Work work) {
    own = access;
    Runnable lastWords =
        () -> {
          progress.close();
          if (access != null) {
            access.close();
          }
          lastWords().forEach(surroundings().err()::println);
          surroundings().err().flush();
        };
    try (Interruption interruption = Interruption.endsWith(lastWords);
        access) {
      try {
        return work.on(access == null ? service() : access.connect(), interruption);
      } catch (CommandFailed failed) {
        interruption.holdIfInterrupted();
        throw failed;
      } finally {
        progress.close();
      }
    }
  }

  int watch(
      String id,
      ServiceClient service,
      Supplier<ServiceClient> connect,
      Progress progress,
      Interruption interruption) {
    watched = id;
    JobWatch watch = new JobWatch(service, connect, progress, interruption);
    JobView job = watch.untilItEnds(id);
    report(job, watch.service());
    return job.exit().code();
  }

  /// What a job came to; the streaming commands have said it already when they write JSON.
  void report(JobView job, ServiceClient service) {
    if (json()) {
      print(job.json());
      return;
    }
    OwnService access = own;
    boolean stays = access == null || !access.started();
    new Report(surroundings(), this::hint).print(job, stays ? service.base() : null);
  }

  Progress progress(PrintWriter plain) {
    if (json()) {
      return new NoProgress();
    }
    return surroundings().onTerminal()
        ? new TerminalProgress(
            surroundings().out().drawing(), surroundings().time(), surroundings().colour())
        : new PlainProgress(plain, surroundings().time());
  }

  private List<String> lastWords() {
    String id = watched;
    if (id == null) {
      return List.of("", "Interrupted before the job was submitted.", Exit.INTERRUPTED.inWords());
    }
    OwnService access = own;
    boolean stopped = access != null && access.started();
    return List.of(
        "",
        stopped
            ? "Interrupted. Job " + id + " is kept. Go on with:  " + hint("resume " + id)
            : "Interrupted. Job " + id + " goes on. Follow it with:  " + hint("watch " + id),
        Exit.INTERRUPTED.inWords());
  }
}
