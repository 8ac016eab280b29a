package dev.ponder.engine.openai;

import dev.ponder.engine.text.ThinkTags;
import dev.ponder.engine.text.TurnText;

/// Puts what a server took apart together again: the thought, `</think>`, the conclusion. Servers
/// that leave the tags in the text have it all in the content.
final class Transcript {

  private final TurnText turn;
  private final boolean contentConcludes;
  private final boolean conclusionBegan;
  private boolean split;

  /// @param tags of the model, for a server that leaves them in the text
  /// @param written what the assistant has written before
  /// @param contentConcludes whether content means that the thinking is over, though none of it
  ///     came in this answer
  Transcript(ThinkTags tags, String written, boolean contentConcludes) {
    this.turn = new TurnText(tags, written);
    this.contentConcludes = contentConcludes;
    this.conclusionBegan = written.contains(ThinkTags.CANONICAL.closing());
  }

  /// The text of one event; the beginning of what may be a tag waits for the next one.
  ///
  /// @param thinking what the server calls reasoning, may be empty
  /// @param content the rest
  String text(String thinking, String content) {
    // What a server takes for reasoning after the end of it is the conclusion: it has seen only the
    // end of the text.
    split |= !thinking.isEmpty() && !conclusionBegan;
    return turn.reasoning(thinking) + turn.content(content, contentConcludes);
  }

  /// What waited.
  ///
  /// @param turnOver whether the model has ended its turn; if not, its text may go on
  String end(boolean turnOver) {
    return turn.end(turnOver);
  }

  /// The tags of the model, with those first that it has used.
  ThinkTags tags() {
    return turn.tags();
  }

  /// Whether the server tells reasoning from content.
  boolean split() {
    return split;
  }
}
