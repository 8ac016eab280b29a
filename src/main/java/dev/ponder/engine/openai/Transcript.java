package dev.ponder.engine.openai;

import dev.ponder.engine.ThinkParser;
import dev.ponder.engine.ThinkTags;

/// Puts what a server took apart together again: the thought, `</think>`, the conclusion. Servers
/// that leave the tags in the text have it all in the content.
final class Transcript {

  private static final String CLOSING = ThinkParser.CLOSING + "\n\n";

  private final boolean contentConcludes;
  private boolean closed;
  private boolean split;
  private boolean beginning;

  /// @param tags of the model, for a server that leaves them in the text
  /// @param written what the assistant has written before
  /// @param contentConcludes whether content means that the thinking is over, though none of it
  ///     came in this answer
  Transcript(ThinkTags tags, String written, boolean contentConcludes) {
    this.contentConcludes = contentConcludes;
    this.closed = written.contains(ThinkParser.CLOSING);
  }

  /// The text of one event; the beginning of what may be a tag waits for the next one.
  ///
  /// @param thinking what the server calls reasoning, may be empty
  /// @param content the rest
  String text(String thinking, String content) {
    // What a server takes for reasoning after the end of it is the conclusion: it has seen only the
    // end of the text.
    String thought = thinking;
    if (!thinking.isEmpty() && !closed) {
      split = true;
    }
    if (content.isEmpty()) {
      return thought;
    }
    if (!closed && (split || contentConcludes)) {
      closed = true;
      beginning = true;
      thought += CLOSING;
    }
    return thought + withoutBlankLines(content);
  }

  /// Some servers keep the blank line after the tag, others take it away.
  private String withoutBlankLines(String content) {
    if (!beginning) {
      return content;
    }
    String text = content.replaceFirst("^\n+", "");
    beginning = text.isEmpty();
    return text;
  }

  /// What waited, once the answer is over.
  String end() {
    return "";
  }

  /// Whether the server tells reasoning from content.
  boolean split() {
    return split;
  }
}
