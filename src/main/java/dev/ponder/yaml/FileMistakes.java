package dev.ponder.yaml;

import java.util.List;
import java.util.stream.Collectors;

/// Files that cannot be used, with every mistake in them.
public final class FileMistakes extends RuntimeException {

  private final transient List<Mistake> mistakes;

  public FileMistakes(List<Mistake> mistakes) {
    super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
    this.mistakes = List.copyOf(mistakes);
  }

  public List<Mistake> mistakes() {
    return mistakes;
  }

  /// One mistake.
  ///
  /// @param file as a person would look for it: `stage-configs/mini.yaml`
  /// @param line from 1, or 0 where the mistake is the file itself
  /// @param key the path to the value: `stages.synthesis.temperature`
  /// @param found what is there
  /// @param accepted what could be there
  public record Mistake(String file, int line, String key, String found, String accepted) {

    @Override
    public String toString() {
      String place = line > 0 ? file + ", line " + line : file;
      return "%s, %s: found %s, accepted: %s".formatted(place, key, found, accepted);
    }
  }
}
