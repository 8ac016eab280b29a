package dev.ponder.cli.output;

/// A command line with a mistake that only the command itself can see.
public final class Misuse extends RuntimeException {

  public Misuse(String sentence) {
    super(sentence);
  }
}
