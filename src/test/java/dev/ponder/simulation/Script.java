package dev.ponder.simulation;

import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the engine writes in one thought, token by token. Every token is another, so that a text
/// with one missing or doubled is no longer from this script.
final class Script {

  static final String TAG = "</think>";

  private final long seed;
  private final ThoughtKey key;
  private final String closing;
  private final List<String> thinking = new ArrayList<>();
  private final List<String> conclusion = new ArrayList<>();

  Script(long seed, ThoughtKey key, int thinkingTokens, String answer, String closing) {
    this.seed = seed;
    this.key = key;
    this.closing = closing;
    for (int i = 1; i <= thinkingTokens; i++) {
      String word = key.stage().name().charAt(0) + "" + key.visit() + key.branch() + "t" + i;
      thinking.add(word + (i % 7 == 0 ? ".\n" : " "));
    }
    conclusion.add("\n\n");
    String label =
        switch (key.stage()) {
          case INITIAL_ANALYSIS -> "Known:";
          case DEEP_EXPLORATION, VERIFICATION -> "Answer:";
          case SYNTHESIS -> "Candidate:";
          case FINAL_OUTPUT -> "It is";
        };
    conclusion.add(label);
    conclusion.add(" " + answer);
    if (key.stage() == Stage.VERIFICATION) {
      conclusion.add("\nConfidence:");
      conclusion.add(" 0.9");
    }
  }

  /// A place in a script.
  ///
  /// @param thinking tokens of the thinking before it
  /// @param concluding whether the thinking is over
  /// @param conclusion tokens of the conclusion before it, the blank line after the tag included
  /// @param forced whether the thinking was closed for the model
  /// @param asked whether the line that is missing was begun for the model: its label, and maybe
  ///     the blank line before it, are tokens that nobody decoded
  record Place(int thinking, boolean concluding, int conclusion, boolean forced, boolean asked) {
    /// The tokens decoded for it. Of a line that has gone on since it was begun nobody can tell.
    int tokens() {
      int own = forced ? conclusion - 1 : conclusion + (concluding ? 1 : 0);
      return thinking + Math.max(0, own - (asked ? 2 : 0));
    }
  }

  /// The seed of its job.
  long seed() {
    return seed;
  }

  ThoughtKey key() {
    return key;
  }

  /// Where the script is after a text; null if the text is none of it.
  @Nullable Place after(String text) {
    int tag = text.indexOf(TAG);
    if (tag < 0) {
      int tokens = tokens(thinking, text);
      return tokens < 0 ? null : new Place(tokens, false, 0, false, false);
    }
    String head = text.substring(0, tag);
    String said = text.substring(tag + TAG.length());
    boolean asked = said.endsWith(": ");
    int concluded = tokens(conclusion, asked ? said.stripTrailing() : said);
    if (concluded < 0) {
      return null;
    }
    int thought = tokens(thinking, head);
    if (thought == thinking.size()) {
      return new Place(thought, true, concluded, false, asked);
    }
    if (!head.endsWith(closing + "\n") || concluded == 0) {
      return null;
    }
    String own = head.substring(0, head.length() - closing.length() - 1);
    int kept = tokens(thinking, own);
    if (kept < 0 && own.endsWith("\n")) {
      kept = tokens(thinking, own.substring(0, own.length() - 1));
    }
    return kept < 0 ? null : new Place(kept, true, concluded, true, asked);
  }

  /// How many tokens a text has if it is the beginning of these, else -1.
  private static int tokens(List<String> tokens, String text) {
    int at = 0;
    int count = 0;
    while (at < text.length()) {
      if (count == tokens.size() || !text.startsWith(tokens.get(count), at)) {
        return -1;
      }
      at += tokens.get(count++).length();
    }
    return count;
  }

  /// The tokens that follow a place.
  List<String> from(Place place) {
    List<String> rest = new ArrayList<>();
    if (!place.concluding()) {
      rest.addAll(thinking.subList(place.thinking(), thinking.size()));
      rest.add(TAG);
    }
    rest.addAll(conclusion.subList(place.conclusion(), conclusion.size()));
    if (place.asked() && !rest.isEmpty()) {
      rest.set(0, rest.getFirst().strip());
    }
    return rest;
  }

  @Override
  public String toString() {
    return "seed " + seed + " " + key.id();
  }
}
