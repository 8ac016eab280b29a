package dev.ponder;

import dev.ponder.cli.command.CommandLineEntry;
import dev.ponder.engine.jllama.seat.Seat;
import dev.ponder.files.PrivateFiles;
import dev.ponder.start.EndOnOutOfMemory;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;

/// Where every process of Ponder starts: the command line, the service, and the seat of a model.
public final class Ponder {

  private Ponder() {}

  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("seat")) {
      Seat.main(Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    PrivateFiles.only();
    if (args.length > 0 && args[0].equals("serve")) {
      EndOnOutOfMemory.ensure();
    }
    int exit = CommandLineEntry.run(args, Ponder::serve);
    if (exit != 0) {
      System.exit(exit);
    }
  }

  /// Starts the service. What keeps it from starting was said by Spring's failure analysis; the
  /// exit code tells a script that nothing runs.
  private static void serve(String[] options) {
    try {
      SpringApplication.run(PonderService.class, options);
    } catch (SpringApplication.AbandonedRunException onPurpose) {
      throw onPurpose;
    } catch (RuntimeException reported) {
      System.exit(CommandLineEntry.DID_NOT_START);
    }
  }
}
