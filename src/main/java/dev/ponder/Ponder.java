package dev.ponder;

import dev.ponder.cli.CommandLineEntry;
import dev.ponder.engine.jllama.Seat;
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
    int exit =
        CommandLineEntry.run(args, options -> SpringApplication.run(PonderService.class, options));
    if (exit != 0) {
      System.exit(exit);
    }
  }
}
