package dev.ponder.engine.text;

/// Splits a thought in the form that all of them have ([TurnText] makes it) into what was thought
/// and the conclusion after `</think>`, however the text is cut into pieces.
///
/// Only the first `</think>` counts; an opening as the very first text is left out, which thoughts
/// of former versions have. Nothing else is changed: `thinking() + "</think>" + conclusion()` is
/// what was written, so a caller who wants no blank lines strips them.
///
/// Used by one thread. A call costs as much as its piece is long.
public final class ThinkParser {

  public static final String OPENING = "<think>";
  public static final String CLOSING = "</think>";

  private final StringBuilder thinking = new StringBuilder();
  private final StringBuilder conclusion = new StringBuilder();

  // The end of what came so far when it may be the beginning of a tag: at most seven characters.
  private String undecided = "";
  private boolean beginning = true;
  private boolean closed;

  /// What a piece made certain.
  ///
  /// @param thinking text of the thought, often empty
  /// @param conclusion text of the conclusion, often empty
  public record Part(String thinking, String conclusion) {
    private static final Part NOTHING = new Part("", "");
  }

  /// A whole transcript, split.
  ///
  /// @param closed whether the thought was closed; if not, there is no conclusion
  public record Split(String thinking, String conclusion, boolean closed) {}

  /// Splits everything that was written at once.
  public static Split split(String transcript) {
    ThinkParser parser = new ThinkParser();
    parser.accept(transcript);
    parser.finish();
    return new Split(parser.thinking(), parser.conclusion(), parser.thinkingClosed());
  }

  /// Takes the next piece and returns what is certain now; the beginning of a possible tag waits
  /// for the next piece.
  public Part accept(String piece) {
    String text = undecided + piece;
    undecided = "";
    if (beginning) {
      if (text.length() < OPENING.length() && OPENING.startsWith(text)) {
        undecided = text;
        return Part.NOTHING;
      }
      beginning = false;
      text = text.startsWith(OPENING) ? text.substring(OPENING.length()) : text;
    }
    return closed ? keep("", text) : think(text);
  }

  /// Ends the stream: the beginning of a tag that never came is ordinary text.
  public Part finish() {
    String rest = undecided;
    undecided = "";
    beginning = false;
    return closed ? keep("", rest) : keep(rest, "");
  }

  /// The thought so far.
  public String thinking() {
    return thinking.toString();
  }

  /// The conclusion so far, usually with the blank line that follows the tag.
  public String conclusion() {
    return conclusion.toString();
  }

  /// Whether `</think>` has been written.
  public boolean thinkingClosed() {
    return closed;
  }

  private Part think(String text) {
    int tag = text.indexOf(CLOSING);
    if (tag >= 0) {
      closed = true;
      return keep(text.substring(0, tag), text.substring(tag + CLOSING.length()));
    }
    int certain = text.length() - beginningOfClosing(text);
    undecided = text.substring(certain);
    return keep(text.substring(0, certain), "");
  }

  /// How many characters at the end of the text may be the beginning of the closing tag. Its only
  /// `<` is its first character, so the last one in the text decides.
  private static int beginningOfClosing(String text) {
    int from = text.lastIndexOf('<');
    return from >= 0 && CLOSING.startsWith(text.substring(from)) ? text.length() - from : 0;
  }

  private Part keep(String thought, String concluded) {
    thinking.append(thought);
    conclusion.append(concluded);
    return thought.isEmpty() && concluded.isEmpty() ? Part.NOTHING : new Part(thought, concluded);
  }
}
