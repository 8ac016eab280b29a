package dev.ponder.cli;

/// A command line with a mistake that only the command itself can see.
final class Misuse extends RuntimeException {

  Misuse(String sentence) {
    super(sentence);
  }
}
