package dev.ponder.engine;

import dev.ponder.engine.Notation.Sign;
import java.util.regex.Matcher;

/// Finds tags and control tokens in a text that comes in pieces. The beginning of what may be one
/// waits for the next piece, at most as long as the longest of them.
final class TagScanner {

  /// Takes what was found, in its order.
  interface Sink {
    void text(char next);

    /// @param raw as it was written
    void sign(Sign sign, String raw);
  }

  private final Notation notation;
  private final Sink sink;
  private final StringBuilder waiting = new StringBuilder();

  TagScanner(Notation notation, Sink sink) {
    this.notation = notation;
    this.sink = sink;
  }

  void accept(String piece) {
    waiting.append(piece);
    scan(false);
  }

  /// What waits is all there is.
  void end() {
    scan(true);
  }

  boolean waits() {
    return !waiting.isEmpty();
  }

  private void scan(boolean over) {
    Matcher matcher = notation.matcher(waiting);
    int length = waiting.length();
    int at = 0;
    while (at < length) {
      if (!notation.begins(waiting, at)) {
        sink.text(waiting.charAt(at++));
        continue;
      }
      boolean found = matcher.region(at, length).lookingAt();
      if (matcher.hitEnd() && !over && length - at < Notation.LONGEST) {
        break;
      }
      if (found) {
        sink.sign(notation.sign(matcher), matcher.group());
        at = matcher.end();
      } else {
        sink.text(waiting.charAt(at++));
      }
    }
    waiting.delete(0, at);
  }

  /// How much of the end of a text may be the beginning of a tag.
  static int beginningAtTheEnd(Notation notation, String text) {
    Matcher matcher = notation.matcher(text);
    for (int at = Math.max(0, text.length() - Notation.LONGEST); at < text.length(); at++) {
      if (notation.begins(text, at)
          && !matcher.region(at, text.length()).lookingAt()
          && matcher.hitEnd()) {
        return text.length() - at;
      }
    }
    return 0;
  }
}
