package dev.ponder.checkpoint;

import dev.ponder.checkpoint.JournalEntry.Kind;
import dev.ponder.job.Answer;
import dev.ponder.job.Job;
import dev.ponder.job.JobLeases;
import dev.ponder.job.Lease;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/// The journal of one job, open for the run that holds its lease. What a method writes is durable
/// when it returns. Every method throws [dev.ponder.job.LeaseLost] once a newer owner exists; then
/// nothing was written.
///
/// The branches of a stage write at the same time; their numbers come from one counter.
public final class JobJournal {

  private final FencedWrites writes;
  private final TransactionTemplate transaction;
  private final JobLeases leases;
  private final Lease lease;
  private final JournalSettings settings;
  private final InstantSource time;
  private final AtomicLong seq;

  JobJournal(
      FencedWrites writes,
      TransactionTemplate transaction,
      JobLeases leases,
      Lease lease,
      JournalSettings settings,
      InstantSource time,
      long lastSeq) {
    this.writes = writes;
    this.transaction = transaction;
    this.leases = leases;
    this.lease = lease;
    this.settings = settings;
    this.time = time;
    this.seq = new AtomicLong(lastSeq);
  }

  /// The job moves to a stage.
  public void enter(Stage stage, int visit) {
    inOwned(
        job -> job.enter(stage.key(), visit, time.instant()),
        line(Kind.STAGE_ENTERED).at(stage, visit));
  }

  /// Verification sends the job back to exploration.
  public void sendBack(String because) {
    record(line(Kind.SENT_BACK).noting(because));
  }

  /// Stages are left out because the time runs short.
  public void hurry(Stage leftOut, int visit, String because) {
    record(line(Kind.HURRIED).at(leftOut, visit).noting(because));
  }

  /// The job ends with its answer.
  public void complete(Answer answer) {
    inOwned(job -> job.complete(answer, time.instant()), line(Kind.ANSWERED));
  }

  /// The job waits, with its cause, for a `resume`.
  public void pause(String because) {
    inOwned(job -> job.pause(because), line(Kind.PAUSED).noting(because));
  }

  /// The job ends without an answer.
  public void fail(String because) {
    inOwned(job -> job.fail(because, time.instant()), line(Kind.FAILED).noting(because));
  }

  /// The run gives the job back for another to claim at once.
  public void release() {
    transaction.executeWithoutResult(status -> leases.owned(lease).release());
  }

  /// Starts to write a thought, or goes on with one that was interrupted.
  public ThoughtWriter thought(
      ThoughtKey key, long seed, int budget, History.@Nullable Interrupted interrupted) {
    return new ThoughtWriter(this, key, seed, budget, interrupted, settings, time);
  }

  /// A thought goes on after an interruption.
  ///
  /// @param kept tokens that were durable
  /// @param again tokens that have to be decoded again, at most
  /// @param from what it continues from: `ids` or `text`
  public void resumed(ThoughtKey key, int kept, int again, String from) {
    var line = line(Kind.THOUGHT_RESUMED).of(key).noting(from);
    line.tokens = kept;
    line.again = again;
    record(line);
  }

  long begin(ThoughtKey key, long seed, int budget, Instant started) {
    return writes.begin(key, seed, budget, started);
  }

  void append(long thought, int fromToken, int tokens, String text, byte @Nullable [] ids) {
    writes.append(thought, fromToken, tokens, seq.incrementAndGet(), text, ids);
  }

  void finish(long thought, Thought finished, long decodeMillis) {
    inTransaction(
        () -> writes.finish(thought, finished, decodeMillis, time.instant()), finishing(finished));
  }

  void insertFinished(Thought finished, int budget, Instant started, long decodeMillis) {
    inTransaction(
        () -> writes.insertFinished(finished, budget, started, decodeMillis, time.instant()),
        finishing(finished));
  }

  private Line finishing(Thought finished) {
    Line line = line(Kind.THOUGHT_FINISHED).of(finished.key());
    line.tokens = finished.tokens();
    return finished.forcedClose() ? line.noting(finished.closedBy().name().toLowerCase()) : line;
  }

  private void inOwned(Consumer<Job> change, Line line) {
    inTransaction(() -> change.accept(leases.owned(lease)), line);
  }

  private void inTransaction(Runnable change, Line line) {
    transaction.executeWithoutResult(
        status -> {
          // The line first: it requires the epoch too, and a job that is over has no more lines.
          writes.enter(line.entry());
          change.run();
        });
  }

  private void record(Line line) {
    writes.enter(line.entry());
  }

  private Line line(Kind kind) {
    return new Line(kind);
  }

  /// A line of the journal in the making.
  private final class Line {
    private final Kind kind;
    private @Nullable Stage stage;
    private @Nullable Integer visit;
    private @Nullable Integer branch;
    private @Nullable Integer tokens;
    private @Nullable Integer again;
    private @Nullable String note;

    private Line(Kind kind) {
      this.kind = kind;
    }

    private Line at(Stage stage, int visit) {
      this.stage = stage;
      this.visit = visit;
      return this;
    }

    private Line of(ThoughtKey key) {
      this.branch = key.branch();
      return at(key.stage(), key.visit());
    }

    private Line noting(String note) {
      this.note = note.length() > 2000 ? note.substring(0, 1999) + "…" : note;
      return this;
    }

    private JournalEntry entry() {
      return new JournalEntry(
          seq.incrementAndGet(),
          time.instant(),
          lease.epoch(),
          kind,
          stage == null ? null : stage.key(),
          visit,
          branch,
          tokens,
          again,
          note);
    }
  }
}
