package dev.ponder.engine.text;

import dev.ponder.engine.text.KnownTags.Kind;
import dev.ponder.engine.text.KnownTags.Sign;
import org.jspecify.annotations.Nullable;

/// Makes what a model writes in its turn the form that a thought has everywhere else: the thought,
/// `</think>`, a blank line, the conclusion. The first `</think>` is the end of the thought, and no
/// other tag and no control token is left at the ends of either.
///
/// Where a server tells reasoning from content ([#reasoning]), that is the truth, and a tag inside
/// is text. Where it does not ([#content] alone), the opening counts as the very first text, and
/// the closing counts where it can end a thought: not in quotes or code, not where it closes an
/// opening that the thought itself has written, not in the middle of a sentence. First on its line
/// it always counts, unless that opening was so too. If nothing ended the thought when the turn is
/// over, the last closing that was passed over did: the text grows at its end only, so what came
/// behind it is then there twice, in the thought and as the conclusion.
///
/// Used by one thread. A call costs as much as its piece is long.
public final class TurnText {

  private static final String CLOSING = ThinkTags.CANONICAL.closing();
  private static final String CONCLUSION = "\n\n";

  /// The same to a person, and no end of a thought to a parser.
  private static final String HARMLESS = "< /think>";

  /// Control tokens that wait for more text, which says that they are not the end.
  private static final int TAIL_MAX = 1_024;

  /// Content before the reasoning that is taken for a part of it.
  private static final int PREAMBLE_MAX = 256;

  /// No text begins with these, so a sentence goes on.
  private static final String GOING_ON = ",;:.?!)]}，。；：、";

  private static final int UNKNOWN = -1;

  private enum State {
    THINKING,
    /// The thought is over, and nothing of the conclusion is there.
    BETWEEN,
    CONCLUDING
  }

  private final ThinkTags tags;
  private final KnownTags known;
  private final TagScanner scanner;
  private final Mentions mentions;
  private final StringBuilder out = new StringBuilder();

  private State state;
  private Line line = new Line();

  /// Whether `</think>` is in the text.
  private boolean closed;

  /// Whether there is a word of the thought.
  private boolean thought;

  /// Whether what comes is what the server calls reasoning.
  private boolean reasoning;

  /// Whether what comes is what it calls content, and the thought is over by that.
  private boolean concluded;

  private final StringBuilder preamble = new StringBuilder();

  /// Characters that the scanner gives out again: they are in the text.
  private int already;

  /// The pair that the thought was opened with, as far as that was seen.
  private int opened = UNKNOWN;

  /// Whether the first word is still to come, of the thought or of the conclusion, and what stands
  /// before it.
  private boolean beginning;

  private final StringBuilder lead = new StringBuilder();

  /// The control token in it; the last, if there are several.
  private @Nullable Kind leadToken;

  private boolean leadTokens;

  /// Control tokens, or a stray tag, behind which nothing has come.
  private final StringBuilder tail = new StringBuilder();

  private boolean tailMayEnd;

  /// The pair by whose tags the thought was opened or ended.
  private int used = UNKNOWN;

  /// An opening behind a quote, until it is known whether it is in quotes.
  private int quotedOpening = UNKNOWN;

  /// A closing whose next character says whether it is one.
  private String asked = "";

  private int askedPair;
  private boolean askedInQuotes;
  private boolean askedInCode;
  private int askedBlanks;

  /// What came behind the last closing that was passed over.
  private final StringBuilder since = new StringBuilder();

  private boolean passedOver;

  /// Whether a closing that was passed over may have been the end if its line ends here.
  private boolean mayEndLine;

  /// The content from the opening on that it began with. It was a thought if that is closed.
  private final StringBuilder inner = new StringBuilder();

  private boolean isInner;

  private boolean gap;
  private boolean answering;

  /// @param tags of the model
  /// @param written what is there of the text
  public TurnText(ThinkTags tags, String written) {
    this.tags = tags;
    known = KnownTags.of(tags);
    mentions = new Mentions(known.pairs());
    int end = written.indexOf(CLOSING);
    closed = end >= 0;
    boolean empty = closed && written.substring(end + CLOSING.length()).isBlank();
    state = !closed ? State.THINKING : empty ? State.BETWEEN : State.CONCLUDING;
    thought = !written.isBlank();
    scanner = new TagScanner(known, new Reader());
    already = empty ? 0 : TagScanner.beginningAtTheEnd(known, written);
    String before = written.substring(0, written.length() - already);
    line.saw(before.substring(before.lastIndexOf('\n') + 1));
    beginning = already == 0 && state != State.CONCLUDING && !(thought && line.afterQuote());
    scanner.accept(written.substring(before.length()));
  }

  /// Takes what the server calls reasoning.
  ///
  /// @return what is certain of the text now
  public String reasoning(String piece) {
    if (concluded) {
      // The thought is over, and it is no part of the conclusion.
      gap |= !piece.isBlank();
      return "";
    }
    if (state == State.THINKING && !reasoning && !isInner && !piece.isEmpty()) {
      settle();
      if (!preamble.isEmpty()) {
        scanner.accept(preamble.append(CONCLUSION).toString());
        preamble.setLength(0);
      }
      reasoning = true;
    }
    scanner.accept(piece);
    return taken();
  }

  /// Takes content.
  ///
  /// @param concludes whether it is the conclusion, because the server sends reasoning by itself
  /// @return what is certain of the text now
  public String content(String piece, boolean concludes) {
    if (state == State.THINKING && !isInner && (reasoning || concludes)) {
      if (!reasoning && preamble.length() + piece.length() <= PREAMBLE_MAX) {
        preamble.append(piece);
        return "";
      }
      if (piece.isBlank() && preamble.isEmpty()) {
        return "";
      }
      conclude();
    }
    scanner.accept(piece);
    return taken();
  }

  private void conclude() {
    settle();
    reasoning = false;
    concluded = true;
    between();
    scanner.accept(preamble.toString());
    preamble.setLength(0);
  }

  /// What waited is decided without what comes next.
  private void settle() {
    scanner.end();
    if (!asked.isEmpty()) {
      answer(askedInQuotes || askedInCode);
    }
    if (reasoning) {
      drop(tail);
    }
  }

  /// Whether something waits for what comes next.
  public boolean waits() {
    return scanner.waits()
        || !(tail.isEmpty() && lead.isEmpty() && asked.isEmpty() && preamble.isEmpty())
        || (state == State.BETWEEN && !closed)
        || (isInner && closed);
  }

  /// What waited, once nothing follows.
  ///
  /// @param turnOver whether the model has ended its turn; if not, its text may go on
  public String end(boolean turnOver) {
    if (!preamble.toString().isBlank()) {
      conclude();
    }
    settle();
    if (isInner && (turnOver || closed)) {
      // What looked like a thought was the conclusion itself.
      close();
      out.append(inner);
    } else if (state == State.THINKING && turnOver && passedOver) {
      close();
      out.append(since.toString().stripLeading());
    } else if (state == State.BETWEEN) {
      close();
    }
    return taken();
  }

  /// The tags of the model, with those first that it has used.
  public ThinkTags tags() {
    return used == UNKNOWN ? tags : tags.withOwn(known.pair(used));
  }

  private String taken() {
    if (out.isEmpty()) {
      return "";
    }
    String text = out.toString();
    out.setLength(0);
    return text;
  }

  private void close() {
    if (!closed) {
      out.append(CLOSING).append(CONCLUSION);
      closed = true;
    }
  }

  private void between() {
    state = State.BETWEEN;
    begins();
    drop(tail);
  }

  private void begins() {
    beginning = true;
    drop(lead);
    leadToken = null;
    leadTokens = false;
  }

  private static void drop(StringBuilder held) {
    held.setLength(0);
  }

  private final class Reader implements TagScanner.Sink {
    @Override
    public void text(char next) {
      if (asked.isEmpty() || decides(next)) {
        character(next);
      }
    }

    @Override
    public void sign(Sign sign, String raw) {
      if (!asked.isEmpty()) {
        answer(askedInCode);
      }
      mentioned(false);
      mayEndLine = false;
      switch (state) {
        case THINKING -> thinking(sign, raw);
        case BETWEEN -> between(sign, raw);
        case CONCLUDING -> concluding(sign, raw);
      }
    }
  }

  private void character(char next) {
    mentioned(Line.isQuote(next));
    if (mayEndLine && next == '\n') {
      passOver("");
    }
    mayEndLine = false;
    boolean blank = Character.isWhitespace(next);
    if (beginning) {
      if (blank && lead.length() < TAIL_MAX) {
        lead.append(next);
        return;
      }
      if (blank && state == State.BETWEEN) {
        return;
      }
      begin(next);
    } else if (!tail.isEmpty()) {
      if (blank && tail.length() < TAIL_MAX) {
        tail.append(next);
        return;
      }
      flushTail();
    }
    write(next);
  }

  /// The first word is there. What stood before it is the indent of a thought, or a control token
  /// that the text speaks of, or nothing.
  private void begin(char first) {
    boolean kept =
        leadToken == null
            ? state == State.THINKING && opened == UNKNOWN
            : !leadTokens
                && lead.toString().endsWith(" ")
                && (leadToken == Kind.CONTROL || Character.isLowerCase(first));
    String before = kept ? lead.toString() : "";
    if (state == State.BETWEEN) {
      // A server may send the blanks by themselves, and then they are gone already.
      before = before.stripLeading();
    }
    if (isInner && !kept) {
      inner.append(lead);
    }
    begins();
    beginning = false;
    if (state == State.BETWEEN) {
      close();
      state = State.CONCLUDING;
      line = new Line();
    }
    words(before);
  }

  private void flushTail() {
    String held = tail.toString();
    drop(tail);
    words(held);
    if (tailMayEnd) {
      passOver(held.substring(held.lastIndexOf('>') + 1));
    }
    tailMayEnd = false;
  }

  private void passOver(String after) {
    passedOver = true;
    drop(since);
    since.append(after);
  }

  private void words(String text) {
    String shown = text;
    if (!closed && text.contains(CLOSING)) {
      shown =
          already > 0
              ? text.substring(0, already) + " " + text.substring(already)
              : text.replace(CLOSING, HARMLESS);
    }
    for (int i = 0; i < shown.length(); i++) {
      write(shown.charAt(i));
    }
  }

  private void write(char next) {
    if (next == '\n') {
      mentions.newLine();
    }
    line.saw(next);
    if (isInner) {
      inner.append(next);
    } else if (passedOver && state == State.THINKING) {
      since.append(next);
    }
    if (already > 0) {
      already--;
    } else if (!(isInner && closed)) {
      // Behind the end of a thought there is no place for more of it, unless it is the conclusion.
      out.append(gap ? CONCLUSION : "").append(next);
      gap = false;
    }
    thought = true;
  }

  private void thinking(Sign sign, String raw) {
    boolean first = beginning && !thought;
    if (beginning && sign.kind() != Kind.OPENING && sign.kind() != Kind.HEADER && thought) {
      begin(raw.charAt(0));
    }
    switch (sign.kind()) {
      case OPENING -> opening(sign.pair(), raw);
      case HEADER -> header(sign.pair());
      case CLOSING -> {
        if (first && reasoning) {
          begins();
        } else if (first) {
          endsThought(sign.pair(), raw);
        } else {
          closing(sign.pair(), raw);
        }
      }
      case BEGINNING, CONTROL -> token(sign.kind(), raw);
      case ANSWER, ANSWERED -> word(raw);
    }
  }

  private void word(String raw) {
    if (beginning) {
      begin(raw.charAt(0));
    }
    if (!tail.isEmpty()) {
      flushTail();
    }
    words(raw);
  }

  private void opening(int pair, String raw) {
    if (beginning) {
      opened = pair;
      used = pair;
      begins();
      return;
    }
    boolean inCode = line.inCode();
    boolean afterQuote = line.afterQuote();
    boolean first = line.isBlank();
    word(raw);
    if (afterQuote && !inCode) {
      quotedOpening = pair;
    } else if (!inCode) {
      mentions.opened(pair, first);
    }
  }

  /// What stands behind an opening says whether it is in quotes.
  private void mentioned(boolean inQuotes) {
    if (quotedOpening != UNKNOWN && !inQuotes) {
      mentions.opened(quotedOpening, false);
    }
    quotedOpening = UNKNOWN;
  }

  private void header(int pair) {
    if (beginning) {
      opened = pair;
      used = pair;
      begins();
    } else {
      drop(tail);
      words(CONCLUSION);
    }
  }

  private void closing(int pair, String raw) {
    boolean first = line.isBlank();
    if (reasoning) {
      // Some servers leave the tag at the end of it.
      if (tail.isEmpty() && isSpokenOf()) {
        word(raw);
      } else {
        tailMayEnd = first && !line.inFence();
        tail.append(raw);
      }
    } else if (opened == UNKNOWN ? known.isProse(pair) : opened != pair) {
      passedOver(raw, first);
    } else if (first) {
      boolean itsOwn = mentions.closesFirst(pair) || (line.inFence() && mentions.closes(pair));
      if (itsOwn) {
        passedOver(raw, !line.inFence());
      } else {
        endsThought(pair, raw);
      }
    } else if (mentions.closes(pair)) {
      boolean pairOnLine = mentions.closedOnItsLine(pair);
      passedOver(raw, !pairOnLine || line.afterSentence());
      mayEndLine = pairOnLine;
    } else {
      asked = raw;
      askedPair = pair;
      askedInQuotes = line.afterQuote();
      askedInCode = line.inCode();
      askedBlanks = 0;
    }
  }

  /// @param mayEnd whether it may turn out to have been the end
  private void passedOver(String raw, boolean mayEnd) {
    word(raw);
    if (mayEnd) {
      passOver("");
    }
  }

  /// Decides about the closing before this character, unless one more is needed.
  private boolean decides(char next) {
    if (next == ' ' && askedBlanks < TAIL_MAX) {
      askedBlanks++;
      return false;
    }
    boolean sentenceGoesOn =
        askedBlanks > 0
            ? Character.isLowerCase(next) && !line.afterSentence()
            : GOING_ON.indexOf(next) >= 0;
    boolean quoted = askedBlanks == 0 && Line.isQuote(next);
    askedInQuotes &= quoted;
    answer(askedInCode || quoted || sentenceGoesOn);
    return true;
  }

  private void answer(boolean spokenOf) {
    String raw = asked;
    String blanks = " ".repeat(askedBlanks);
    asked = "";
    if (spokenOf) {
      passedOver(raw, !askedInQuotes);
      words(blanks);
    } else {
      endsThought(askedPair, raw);
    }
  }

  private void endsThought(int pair, String raw) {
    used = pair;
    if (already > 0 && raw.equals(CLOSING)) {
      // The first half of it is in the text.
      out.append(raw, already, raw.length()).append(CONCLUSION);
      closed = true;
    }
    already = 0;
    isInner = false;
    drop(inner);
    between();
  }

  private void token(Kind kind, String raw) {
    if (beginning) {
      leadTokens = leadToken != null;
      leadToken = kind;
      lead.append(raw);
    } else if (tail.isEmpty() && isSpokenOf()) {
      words(raw);
    } else {
      if (tail.length() > TAIL_MAX) {
        flushTail();
      }
      tail.append(raw);
    }
  }

  private boolean isSpokenOf() {
    return line.afterQuote() || line.inCode() || line.inFence() || line.wantsAWord();
  }

  private void between(Sign sign, String raw) {
    switch (sign.kind()) {
      case CLOSING, ANSWERED -> begins();
      case ANSWER -> {
        answering = true;
        begins();
      }
      case OPENING, HEADER -> {
        state = State.THINKING;
        isInner = true;
        drop(inner);
        inner.append(raw);
        opened = sign.pair();
        gap = thought && !closed;
        begins();
      }
      case BEGINNING, CONTROL -> token(sign.kind(), raw);
    }
  }

  private void concluding(Sign sign, String raw) {
    boolean mayEnd =
        switch (sign.kind()) {
          case CLOSING, HEADER, BEGINNING, CONTROL -> true;
          case ANSWERED -> answering;
          case OPENING, ANSWER -> false;
        };
    if (mayEnd) {
      token(Kind.CONTROL, raw);
    } else {
      word(raw);
    }
  }
}
