package dev.ponder.journal;

import dev.ponder.memory.Fold;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes one thought down as it is produced, in chunks. Used by the one thread that reads the
/// thought from its engine, which is how decoding never runs further ahead of the journal than the
/// piece in hand.
///
/// The row of the thought is written with its first chunk: a thought that is over before one is due
/// costs a single row.
public final class ThoughtWriter {

  private static final char NUL = '\u0000';
  private static final char REPLACEMENT = '\ufffd';

  private final JobJournal journal;
  private final ThoughtKey key;
  private final long seed;
  private final int budget;
  private final @Nullable String prompt;
  private final JournalSettings settings;
  private final InstantSource time;
  private final Instant started;
  private final StringBuilder text = new StringBuilder();
  private final IdBuffer ids = new IdBuffer();
  private final Marks marks = new Marks();
  private final List<Fold> folds = new ArrayList<>();

  private final Backlog backlog;

  private volatile @Nullable Long row;
  private int tokens;
  private int durableTokens;
  private int durableLength;
  private @Nullable Instant pendingSince;
  private boolean finishing;

  ThoughtWriter(
      JobJournal journal,
      ThoughtKey key,
      long seed,
      int budget,
      @Nullable String prompt,
      History.@Nullable Interrupted interrupted,
      JournalSettings settings,
      InstantSource time) {
    this.journal = journal;
    this.key = key;
    this.seed = seed;
    this.budget = budget;
    this.prompt = prompt;
    this.settings = settings;
    this.time = time;
    this.started = time.instant();
    this.backlog = new Backlog(new ToJournal(), journal.steady());
    if (interrupted != null) {
      row = interrupted.id();
      text.append(interrupted.text());
      tokens = durableTokens = interrupted.tokens();
      durableLength = text.length();
      ids.add(interrupted.ids(), tokens);
      ids.packed();
      folds.addAll(interrupted.folds());
      marks.add(text.length(), tokens, ids.size());
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
    // PostgreSQL keeps every character but this one.
    text.append(more.indexOf(NUL) < 0 ? more : more.replace(NUL, REPLACEMENT));
    tokens += count;
    ids.add(tokenIds, more.isEmpty() ? 0 : Math.max(count, 1));
    marks.add(text.length(), tokens, ids.size());
    if (pending() >= settings.chunkTokens() || due(now)) {
      append();
    }
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

  /// Writes chunks to the journal; the first brings the thought's row with it.
  private final class ToJournal implements Backlog.Sink {
    @Override
    public void write(Backlog.Chunk chunk) {
      Long known = row;
      if (known == null) {
        row = journal.begin(key, seed, budget, started, chunk, prompt);
      } else {
        journal.append(known, chunk);
      }
    }

    @Override
    public void found(Backlog.Chunk chunk) {
      if (row == null) {
        row = journal.rowOf(key);
      }
    }
  }

  /// The thought is over: its chunks become one row.
  ///
  /// @param carry whether that becomes durable with the next step of the run, which has to come at
  ///     once; else it is durable when this returns
  public Thought finish(
      int thinkingTokens, Thought.ClosedBy closedBy, Duration decoding, boolean carry) {
    backlog.drain();
    finishing = true;
    var thought = Thought.of(key, seed, text.toString(), tokens, thinkingTokens, closedBy);
    Long known = row;
    if (known == null) {
      journal.insertFinished(thought, budget, started, decoding.toMillis(), prompt, carry);
    } else {
      journal.finish(known, thought, decoding.toMillis(), !folds.isEmpty(), carry);
    }
    return thought;
  }

  /// Gives up what was written, to write it anew.
  public void restart() {
    backlog.drain();
    Long known = row;
    if (known != null) {
      journal.withdraw(known);
    }
    row = null;
    text.setLength(0);
    ids.clear();
    marks.clear();
    folds.clear();
    tokens = durableTokens = durableLength = 0;
    pendingSince = null;
  }

  /// Insights, or nothing, stand for the thought up to the fold's end from now on. What was written
  /// is made durable first, so that a run that takes over never finds a fold without its text.
  ///
  /// @param note what the journal says of it
  public void fold(Fold fold, String note) {
    flush();
    Long known = row;
    if (known == null || fold.uptoChar() > durableLength) {
      throw new IllegalStateException(
          "A fold of %s ends at %d, and only %d characters are durable"
              .formatted(key.id(), fold.uptoChar(), durableLength));
    }
    journal.fold(known, key, fold, note);
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
    return from < 0 || from > all.length
        ? new int[0]
        : java.util.Arrays.copyOfRange(all, from, all.length);
  }

  /// All of the text so far, durable or not.
  public String text() {
    return text.toString();
  }

  /// The same without a copy, for looking at only.
  public CharSequence written() {
    return text;
  }

  /// The ids of all tokens of the text, empty unless every one is known.
  public int[] ids() {
    return ids.all();
  }

  public int tokens() {
    return tokens;
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
  private static final class IdBuffer {
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
        known = java.util.Arrays.copyOf(known, Math.max(known.length * 2, size + more.length));
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
      return complete ? java.util.Arrays.copyOf(known, size) : new int[0];
    }
  }
}
