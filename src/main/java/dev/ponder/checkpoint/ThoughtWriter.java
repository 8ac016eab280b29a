package dev.ponder.checkpoint;

import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
  private final JournalSettings settings;
  private final InstantSource time;
  private final Instant started;
  private final StringBuilder text = new StringBuilder();
  private final IdBuffer ids = new IdBuffer();

  private final Backlog backlog;

  private volatile @Nullable Long row;
  private int tokens;
  private int durableTokens;
  private int durableLength;
  private @Nullable Instant pendingSince;

  ThoughtWriter(
      JobJournal journal,
      ThoughtKey key,
      long seed,
      int budget,
      History.@Nullable Interrupted interrupted,
      JournalSettings settings,
      InstantSource time) {
    this.journal = journal;
    this.key = key;
    this.seed = seed;
    this.budget = budget;
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
    if (pending() >= settings.chunkTokens() || due(now)) {
      append();
    }
  }

  /// Makes everything durable that was written so far. While the database is away, that waits
  /// until it is back or the run is stopped.
  public void flush() {
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
        row = journal.begin(key, seed, budget, started, chunk);
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
    // A run that is stopped may never learn whether the end was taken. The rest goes with it or is
    // written again: flushed after it, it would be a chunk of a thought that is finished.
    durableTokens = tokens;
    durableLength = text.length();
    var thought = Thought.of(key, seed, text.toString(), tokens, thinkingTokens, closedBy);
    Long known = row;
    if (known == null) {
      journal.insertFinished(thought, budget, started, decoding.toMillis(), carry);
    } else {
      journal.finish(known, thought, decoding.toMillis(), carry);
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
    tokens = durableTokens = durableLength = 0;
    pendingSince = null;
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

    int[] all() {
      return complete ? java.util.Arrays.copyOf(known, size) : new int[0];
    }
  }
}
