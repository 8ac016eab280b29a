package dev.ponder.engine.text;

import dev.ponder.engine.text.KnownTags.Sign;
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

  private final KnownTags known;
  private final Sink sink;
  private final StringBuilder waiting = new StringBuilder();

  TagScanner(KnownTags known, Sink sink) {
    this.known = known;
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
    Matcher matcher = known.matcher(waiting);
    int length = waiting.length();
    int at = 0;
    while (at < length) {
      if (!known.begins(waiting, at)) {
        sink.text(waiting.charAt(at++));
        continue;
      }
      boolean found = matcher.region(at, length).lookingAt();
      if (matcher.hitEnd() && !over && length - at < KnownTags.LONGEST) {
        break;
      }
      if (found) {
        sink.sign(known.sign(matcher), matcher.group());
        at = matcher.end();
      } else {
        sink.text(waiting.charAt(at++));
      }
    }
    waiting.delete(0, at);
  }

  /// How much of the end of a text may be the beginning of a tag.
  static int beginningAtTheEnd(KnownTags known, String text) {
    Matcher matcher = known.matcher(text);
    for (int at = Math.max(0, text.length() - KnownTags.LONGEST); at < text.length(); at++) {
      if (known.begins(text, at)
          && !matcher.region(at, text.length()).lookingAt()
          && matcher.hitEnd()) {
        return text.length() - at;
      }
    }
    return 0;
  }
}
