package dev.ponder.journal;

import dev.ponder.job.Answer;
import dev.ponder.job.HeldJob;
import dev.ponder.job.Lease;
import dev.ponder.job.Waiting;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.memory.Fold;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/// The journal of one job, open for the run that holds its lease. What a method writes is durable
/// when it returns, but for what the run's next step carries along. Every
/// method throws [dev.ponder.job.LeaseLost] once a newer owner exists; then nothing was written.
///
/// The branches of a stage write at the same time; their numbers come from one counter.
public final class JobJournal {

  private final FencedWrites writes;
  private final SteadyWrites steady;
  private final TransactionTemplate transaction;
  private final HeldJob job;
  private final Lease lease;
  private final JournalSettings settings;
  private final InstantSource time;
  private final AtomicLong seq;

  /// What becomes durable with the run's next step, which has to come at once. The end of a thought
  /// that was alone in its stage: until then its chunks stand for it, and a commit costs more than
  /// all else a stage does. The reason for a step: a run that takes over finds both or none, and
  /// gives no reason twice. Used by the run's own thread only.
  private @Nullable Runnable carried;

  JobJournal(
      FencedWrites writes,
      SteadyWrites steady,
      TransactionTemplate transaction,
      HeldJob job,
      Lease lease,
      JournalSettings settings,
      InstantSource time,
      long lastSeq) {
    this.writes = writes;
    this.steady = steady;
    this.transaction = transaction;
    this.job = job;
    this.lease = lease;
    this.settings = settings;
    this.time = time;
    this.seq = new AtomicLong(lastSeq);
  }

  /// The job moves to a stage.
  public void enter(Stage stage, int visit) {
    inTransaction(
        () -> job.enter(stage.key(), visit, time.instant()),
        line(Kind.STAGE_ENTERED).at(stage, visit));
  }

  /// A model was asked which of the job's answers mean the same.
  ///
  /// @param tokens that it wrote for that
  public void judged(Stage stage, int visit, JudgementNote note, int tokens) {
    var line = line(Kind.ANSWERS_JUDGED).at(stage, visit).noting(note.line());
    line.tokens = tokens;
    record(line);
  }

  /// Verification sends the job back to exploration, which it enters next.
  public void sendBack(String because) {
    carry(line(Kind.SENT_BACK).noting(because));
  }

  /// Stages are left out because the time runs short. The final one comes next, or the answer.
  public void hurry(Stage leftOut, int visit, String because) {
    carry(line(Kind.HURRIED).at(leftOut, visit).noting(because));
  }

  /// The job ends with its answer.
  public void complete(Answer answer) {
    inTransaction(() -> job.complete(answer, time.instant()), line(Kind.ANSWERED));
  }

  /// The job waits, with its cause, for a `resume`.
  public void pause(String because) {
    inTransaction(() -> job.pause(because), line(Kind.PAUSED).noting(because));
  }

  /// The run waits for an engine, from now on.
  public void waits(Stage stage, int visit, Waiting waiting) {
    inTransaction(
        () -> job.waits(waiting),
        line(Kind.ENGINE_AWAY).at(stage, visit).noting(waiting.model() + ": " + waiting.because()));
  }

  /// The run still waits, and is told something else.
  public void stillWaits(Waiting waiting) {
    steady.write(() -> transaction.executeWithoutResult(status -> job.waits(waiting)));
  }

  /// The run waits no longer.
  ///
  /// @param note how long it waited
  public void goesOn(Stage stage, int visit, String note) {
    inTransaction(job::goesOn, line(Kind.ENGINE_BACK).at(stage, visit).noting(note));
  }

  /// The job ends without an answer.
  public void fail(String because) {
    inTransaction(() -> job.fail(because, time.instant()), line(Kind.FAILED).noting(because));
  }

  /// The run gives the job back for another to claim at once.
  public void release() {
    transaction.executeWithoutResult(
        status -> {
          writeCarried();
          job.release();
        });
  }

  /// Starts to write a thought, or goes on with one that was interrupted.
  public Draft draft(Draft.Blank blank, History.@Nullable Interrupted interrupted) {
    return new Draft(this, blank, interrupted, settings, time);
  }

  /// A thought goes on after an interruption.
  ///
  /// @param kept tokens that were durable
  /// @param again tokens that have to be decoded again, at most
  /// @param note what it continues from, and which model does
  public void resumed(ThoughtKey key, int kept, int again, ResumeNote note) {
    var line = line(Kind.THOUGHT_RESUMED).of(key).noting(note.line());
    line.tokens = kept;
    line.again = again;
    record(line);
  }

  /// A thought ended before its end, or there is none, and not for its time or its model.
  public void brokenOff(ThoughtKey key, String because) {
    record(line(Kind.THOUGHT_BROKEN_OFF).of(key).noting(because));
  }

  /// The older part of a thought is folded: insights, or nothing, stand for it.
  void fold(long thought, ThoughtKey key, Fold fold, String note) {
    var line = line(Kind.THOUGHT_FOLDED).of(key).noting(note);
    line.tokens = fold.uptoToken();
    inTransaction(() -> writes.fold(thought, fold), line);
  }

  /// The first chunk of a thought brings the thought's row with it, and the line that says what its
  /// prompt was made of. Answers the row's id.
  long begin(Draft.Blank blank, Instant started, Backlog.Chunk first) {
    return transaction.execute(
        status -> {
          long thought = writes.begin(blank.key(), blank.seed(), blank.budget(), started);
          enter(prompted(blank));
          append(thought, first);
          return thought;
        });
  }

  /// The row of a thought that has begun.
  long rowOf(ThoughtKey key) {
    return writes.rowOf(key);
  }

  /// What is durable of a running thought is given up, to write it anew.
  void withdraw(long thought) {
    steady.write(() -> transaction.executeWithoutResult(status -> writes.withdraw(thought)));
  }

  void append(long thought, Backlog.Chunk chunk) {
    writes.append(thought, seq.incrementAndGet(), chunk);
  }

  SteadyWrites steady() {
    return steady;
  }

  private @Nullable JournalEntry prompted(Draft.Blank blank) {
    String prompt = blank.prompt();
    return prompt == null ? null : entry(line(Kind.PROMPT_MADE).of(blank.key()).noting(prompt));
  }

  private void enter(@Nullable JournalEntry entry) {
    if (entry != null) {
      writes.enter(entry);
    }
  }

  void finish(long thought, Thought finished, long decodeMillis, boolean wasFolded, boolean carry) {
    Instant now = time.instant();
    finish(
        () -> {
          writes.finish(thought, finished, decodeMillis, now);
          if (wasFolded) {
            writes.unfold(thought);
          }
        },
        finished,
        carry);
  }

  void insertFinished(
      Thought finished, Draft.Blank blank, Instant started, long decodeMillis, boolean carry) {
    Instant now = time.instant();
    JournalEntry prompted = prompted(blank);
    finish(
        () -> {
          writes.insertFinished(finished, blank.budget(), started, decodeMillis, now);
          enter(prompted);
        },
        finished,
        carry);
  }

  private void finish(Runnable write, Thought finished, boolean carry) {
    JournalEntry entry = entry(finishing(finished));
    Runnable both =
        () -> {
          writes.enter(entry);
          write.run();
        };
    if (carry) {
      carry(both);
    } else {
      steady.write(() -> transaction.executeWithoutResult(status -> both.run()));
    }
  }

  private void carry(Line line) {
    JournalEntry entry = entry(line);
    carry(() -> writes.enter(entry));
  }

  private void carry(Runnable write) {
    Runnable before = carried;
    carried =
        before == null
            ? write
            : () -> {
              before.run();
              write.run();
            };
  }

  private void writeCarried() {
    Runnable waiting = carried;
    if (waiting != null) {
      waiting.run();
    }
  }

  private Line finishing(Thought finished) {
    Line line = line(Kind.THOUGHT_FINISHED).of(finished.key());
    line.tokens = finished.tokens();
    return finished.forcedClose() ? line.noting(finished.closedBy().name().toLowerCase()) : line;
  }

  private void inTransaction(Runnable change, Line line) {
    JournalEntry entry = entry(line);
    steady.write(
        () ->
            transaction.executeWithoutResult(
                status -> {
                  writeCarried();
                  // The line first: it requires the epoch too, and a job that is over has no more.
                  writes.enter(entry);
                  change.run();
                }));
    carried = null;
  }

  private void record(Line line) {
    inTransaction(() -> {}, line);
  }

  private Line line(Kind kind) {
    return new Line(kind);
  }

  private JournalEntry entry(Line line) {
    return line.entry(seq.incrementAndGet(), time.instant(), lease.epoch());
  }
}
