package dev.ponder.journal;

import dev.ponder.memory.Fold;
import dev.ponder.memory.Thought;
import dev.ponder.memory.Thought.ClosedBy;
import dev.ponder.memory.ThoughtKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// What there is of a thought while it is written, and the one place that holds its text: how much
/// of it is thinking, what the thinking was closed by, and how much is durable. It is written down
/// in chunks, by the one thread that reads the thought from its engine, which is how decoding never
/// runs further ahead of the journal than the piece in hand.
///
/// The row of the thought is written with its first chunk: a thought that is over before one is due
/// costs a single row.
public final class Draft {

  private static final char NUL = '\u0000';
  private static final char REPLACEMENT = '\ufffd';

  /// Thoughts of former versions begin with it.
  private static final String OPENING = "<think>";

  /// A thought before its first token.
  ///
  /// @param budget tokens that it may have
  /// @param prompt what its prompt was made of, for the journal; null says nothing
  public record Blank(ThoughtKey key, long seed, int budget, @Nullable String prompt) {}

  private final Blank blank;
  private final Backlog backlog;
  private final JournalSettings settings;
  private final InstantSource time;
  private final StringBuilder text = new StringBuilder();
  private final TokenIds ids = new TokenIds();
  private final Marks marks = new Marks();
  private final List<Fold> folds = new ArrayList<>();

  private int tokens;
  private int thinkingTokens;
  private int tokensTakenUp;
  private int durableTokens;
  private int durableLength;
  private @Nullable Instant pendingSince;

  /// Where the thinking ends in the text, negative as long as it goes on.
  private int end = -1;

  private ClosedBy closedBy = ClosedBy.MODEL;
  private boolean finishing;

  Draft(
      JobJournal journal,
      Blank blank,
      History.@Nullable Interrupted interrupted,
      JournalSettings settings,
      InstantSource time) {
    this.blank = blank;
    this.settings = settings;
    this.time = time;
    Long row = interrupted == null ? null : interrupted.id();
    this.backlog = new Backlog(journal, blank, row, time.instant());
    if (interrupted != null) {
      text.append(interrupted.text());
      tokens = durableTokens = tokensTakenUp = interrupted.tokens();
      durableLength = text.length();
      ids.add(interrupted.ids(), tokens);
      ids.packed();
      folds.addAll(interrupted.folds());
      marks.add(text.length(), tokens, ids.size());
      lookForTheEnd(0);
    }
  }

  /// Reads what an earlier run has left.
  ///
  /// @param closing the line that closes the thinking when the model does not
  /// @param counter the tokens of a text
  public void takeUp(String closing, ToIntFunction<String> counter) {
    if (tokens == 0) {
      return;
    }
    thinkingTokens = isThinking() ? tokens : Math.min(tokens, counter.applyAsInt(thinking()));
    if (!isThinking() && thinking().stripTrailing().endsWith(closing)) {
      closedBy = ClosedBy.BUDGET;
    }
  }

  /// Adds what was decoded, and writes a chunk when one is due.
  ///
  /// @param more the text, tags included
  /// @param count its tokens; 0 for a text that was put there without decoding
  /// @param tokenIds their ids, empty where unknown
  public void write(String more, int count, int[] tokenIds) {
    if (pending() > 0 && pending() + count > settings.chunkTokens()) {
      append();
    }
    Instant now = time.instant();
    if (pendingSince == null) {
      pendingSince = now;
    }
    boolean thinking = isThinking();
    int before = text.length();
    // PostgreSQL keeps every character but this one.
    text.append(more.indexOf(NUL) < 0 ? more : more.replace(NUL, REPLACEMENT));
    tokens += count;
    ids.add(tokenIds, more.isEmpty() ? 0 : Math.max(count, 1));
    marks.add(text.length(), tokens, ids.size());
    if (thinking) {
      thinkingTokens = tokens;
      lookForTheEnd(before);
    }
    if (pending() >= settings.chunkTokens() || due(now)) {
      append();
    }
  }

  /// @param from what came before cannot hold all of it
  private void lookForTheEnd(int from) {
    int first = Math.max(0, from - Thought.END_OF_THINKING.length() + 1);
    end = text.indexOf(Thought.END_OF_THINKING, first);
  }

  /// Ends the thinking for the model.
  ///
  /// @param words the line of its pipeline for that
  public void close(ClosedBy cause, String words) {
    closedBy = cause;
    String lineEnd = text.isEmpty() || endsLine() ? "" : "\n";
    write(lineEnd + words + "\n" + Thought.END_OF_THINKING + "\n\n", 0, new int[0]);
  }

  /// Begins a line of the conclusion for the model.
  public void beginLine(String label) {
    String before = endsLine() ? "" : lacksConclusion() ? "\n\n" : "\n";
    write(before + label, 0, new int[0]);
  }

  private boolean endsLine() {
    return !text.isEmpty() && text.charAt(text.length() - 1) == '\n';
  }

  /// It ends as it is, without what else its conclusion might have said.
  public void breakOff(ClosedBy cause) {
    closedBy = cause;
  }

  /// Makes everything durable that was written so far. While the database is away, that waits
  /// until it is back or the run is stopped.
  ///
  /// Once its end has been written, or may have been, nothing follows: a chunk behind a finished
  /// thought would belong to nothing.
  public void flush() {
    if (finishing) {
      return;
    }
    append();
    backlog.drain();
  }

  private void append() {
    if (pending() == 0) {
      return;
    }
    var chunk =
        new Backlog.Chunk(durableTokens, pending(), text.substring(durableLength), ids.packed());
    durableTokens = tokens;
    durableLength = text.length();
    pendingSince = null;
    backlog.add(chunk);
  }

  /// The thought is over: its chunks become one row.
  ///
  /// @param decoding how long the tokens took that were decoded since it was taken up; those before
  ///     are taken to have come as fast
  /// @param carry whether that becomes durable with the next step of the run, which has to come at
  ///     once; else it is durable when this returns
  public Thought finish(Duration decoding, boolean carry) {
    backlog.drain();
    finishing = true;
    var thought =
        Thought.of(blank.key(), blank.seed(), text.toString(), tokens, thinkingTokens, closedBy);
    int decoded = tokens - tokensTakenUp;
    var whole = decoded <= 0 ? decoding : decoding.multipliedBy(tokens).dividedBy(decoded);
    backlog.finish(thought, whole, !folds.isEmpty(), carry);
    return thought;
  }

  /// Gives up what was written, to write it anew.
  public void restart() {
    backlog.withdraw();
    text.setLength(0);
    ids.clear();
    marks.clear();
    folds.clear();
    tokens = thinkingTokens = tokensTakenUp = durableTokens = durableLength = 0;
    pendingSince = null;
    end = -1;
    closedBy = ClosedBy.MODEL;
  }

  /// Insights, or nothing, stand for the thought up to the fold's end from now on. What was written
  /// is made durable first, so that a run that takes over never finds a fold without its text.
  ///
  /// @param note what the journal says of it
  public void fold(Fold fold, String note) {
    flush();
    if (fold.uptoChar() > durableLength) {
      throw new IllegalStateException(
          "A fold of %s ends at %d, and only %d characters are durable"
              .formatted(blank.key().id(), fold.uptoChar(), durableLength));
    }
    backlog.fold(fold, note);
    folds.add(fold);
  }

  /// What stands for its older parts, in order.
  public List<Fold> folds() {
    return List.copyOf(folds);
  }

  /// Where a place in the text lies between two tokens, if it is known to.
  public Marks.@Nullable Mark mark(int character) {
    return marks.at(character);
  }

  /// The ids of the tokens from the given one on, empty unless every one is known.
  public int[] ids(int from) {
    int[] all = ids.all();
    return from < 0 || from > all.length ? new int[0] : Arrays.copyOfRange(all, from, all.length);
  }

  /// All of the text so far, durable or not.
  public String text() {
    return text.toString();
  }

  /// The same without a copy, for looking at only.
  public CharSequence written() {
    return text;
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }

  public boolean isThinking() {
    return end < 0;
  }

  /// Whether its thinking is over and nothing of its conclusion is there.
  public boolean lacksConclusion() {
    return !isThinking() && conclusion().isBlank();
  }

  public boolean isForced() {
    return closedBy.forced();
  }

  public String thinking() {
    int from = text.indexOf(OPENING) == 0 ? OPENING.length() : 0;
    return text.substring(from, isThinking() ? text.length() : end);
  }

  /// What follows the thinking, as it stands there.
  public String conclusion() {
    return isThinking() ? "" : text.substring(end + Thought.END_OF_THINKING.length());
  }

  public int tokens() {
    return tokens;
  }

  public int conclusionTokens() {
    return tokens - thinkingTokens;
  }

  /// Tokens that are not durable yet, at most, while the database takes writes.
  public int chunkTokens() {
    return settings.chunkTokens();
  }

  private int pending() {
    return tokens - durableTokens;
  }

  private boolean due(Instant now) {
    return pendingSince != null
        && Duration.between(pendingSince, now).compareTo(settings.chunkTime()) >= 0;
  }

  /// Collects token ids for as long as every token has one.
  private static final class TokenIds {
    private int[] known = new int[64];
    private int size;
    private int packed;
    private boolean complete = true;

    void add(int[] more, int expected) {
      complete &= more.length >= expected;
      if (!complete) {
        return;
      }
      if (size + more.length > known.length) {
        known = Arrays.copyOf(known, Math.max(known.length * 2, size + more.length));
      }
      System.arraycopy(more, 0, known, size, more.length);
      size += more.length;
    }

    void clear() {
      size = packed = 0;
      complete = true;
    }

    /// The ids since the last call, four bytes each, or null if some are unknown.
    byte @Nullable [] packed() {
      if (!complete) {
        return null;
      }
      var bytes = ByteBuffer.allocate((size - packed) * Integer.BYTES);
      bytes.asIntBuffer().put(known, packed, size - packed);
      packed = size;
      return bytes.array();
    }

    /// How many there are, or -1 if some are unknown.
    int size() {
      return complete ? size : -1;
    }

    int[] all() {
      return complete ? Arrays.copyOf(known, size) : new int[0];
    }
  }
}
