package dev.ponder;

import dev.ponder.cli.CommandLineEntry;
import org.springframework.boot.SpringApplication;

/// Where every process of Ponder starts: the command line, the service, and the seat of a model.
public final class Ponder {

  private Ponder() {}

  public static void main(String[] args) {
    int exit =
        CommandLineEntry.run(args, options -> SpringApplication.run(PonderService.class, options));
    if (exit != 0) {
      System.exit(exit);
    }
  }
}
