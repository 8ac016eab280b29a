package dev.ponder.cli.command;

import dev.ponder.audit.AuditEntry;
import dev.ponder.audit.AuditLog;
import dev.ponder.cli.client.Interruption;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Json;
import dev.ponder.cli.output.Misuse;
import dev.ponder.cli.output.PullLines;
import dev.ponder.cli.output.Words;
import dev.ponder.files.FileTrouble;
import dev.ponder.model.Pulling;
import dev.ponder.model.store.PullFailed;
import dev.ponder.model.store.Pulled;
import dev.ponder.start.SecretArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;
import tools.jackson.databind.node.ObjectNode;

/// Gets the file of a model into the store. It needs no service and can run beside one.
@Command(
    name = "pull",
    description = {
      "Get the file of a model.",
      "It goes on where an earlier pull broke off. Settings are Spring properties, as for serve:"
          + " --ponder.store.hugging-face-url=https://mirror.example takes a mirror."
    })
final class PullCommand implements Callable<Integer> {

  private final CliEnvironment surroundings;

  @Parameters(paramLabel = "MODEL", description = "The name of a model profile.")
  private String model = "";

  @Option(
      names = "--from",
      paramLabel = "SOURCE",
      description =
          "A path, an address, or hf:owner/repository/file.gguf, instead of the profile's source.")
  private @Nullable String from;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder, which holds the model store (default: ./data).")
  private @Nullable Path data;

  @Mixin private SpringOptions settings = new SpringOptions();

  @Unmatched private List<String> rest = new ArrayList<>();

  @Option(names = "--json", description = "Write JSON to standard output, and nothing else.")
  private boolean json;

  PullCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    Pulling pulling = configured();
    PullLines progress = new PullLines(surroundings, json);
    try (Interruption interruption = Interruption.endsWith(progress::interrupted)) {
      Pulled pulled = pulling.pull(model, from, progress);
      interruption.holdIfInterrupted();
      progress.done();
      audit(pulling.data(), true);
      report(pulled);
      return Exit.OK.code();
    } catch (PullFailed e) {
      progress.done();
      audit(pulling.data(), false);
      throw new CommandFailed(exit(e.kind()), String.valueOf(e.getMessage()));
    }
  }

  /// Where there is a data folder: a store elsewhere needs none.
  private void audit(Path folder, boolean done) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try {
      AuditLog.append(
          folder, AuditEntry.own(surroundings.time().instant(), "pullModel", model, done));
    } catch (IOException e) {
      surroundings.err().println("This is not in the audit log: " + FileTrouble.in(e) + ".");
    }
  }

  private Pulling configured() {
    if (from != null && SecretArguments.holdsSecret(from)) {
      throw new Misuse(
          "The password or key in --from can be read by every user of this machine, so it is not"
              + " taken. Get the file in another way, and name its path.");
    }
    List<String> arguments = new ArrayList<>(settings.arguments(rest));
    if (data != null) {
      arguments.add("--ponder.data=" + data);
    }
    try {
      return Pulling.configured(arguments.toArray(String[]::new));
    } catch (RuntimeException reported) {
      throw new CommandFailed(Exit.NO_SERVICE, "The settings cannot be used; nothing was pulled.");
    }
  }

  private static Exit exit(PullFailed.Cause cause) {
    return switch (cause) {
      case UNKNOWN -> Exit.USAGE;
      case OFFLINE, NOT_FOUND, NOT_ALLOWED, INTERRUPTED, BUSY, NO_ROOM -> Exit.NOT_PULLED;
      case WRONG_FILE -> Exit.WRONG_FILE;
    };
  }

  private void report(Pulled pulled) {
    if (json) {
      ObjectNode document = Json.object();
      document.put("model", pulled.model());
      document.put("file", pulled.file().toString());
      document.put("bytes", pulled.bytes());
      document.put("fetched", pulled.fetched());
      document.put("resumed", pulled.resumed());
      document.put("sha256", pulled.sha256());
      surroundings.out().println(Json.line(document));
    } else if (pulled.fetched() == 0 && pulled.resumed() == 0) {
      surroundings.out().println(pulled.model() + " is here already: " + pulled.file());
    } else {
      surroundings
          .out()
          .println(
              "%s is here: %s, %s, SHA-256 %s"
                  .formatted(
                      pulled.model(), pulled.file(), Words.bytes(pulled.bytes()), pulled.sha256()));
    }
    surroundings.out().flush();
  }
}
