package dev.ponder.job;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A job in the hands of the run that holds its lease, with the changes that only a run makes. Each
/// is one statement that checks epoch and status where it writes: a run changes its job a dozen
/// times, and reading the whole row first, prompt and all, cost more than the rest of a stage.
///
/// Every method throws [LeaseLost] if the run no longer owns the job or the job no longer runs;
/// then nothing was written.
public final class HeldJob {

  /// The status of a job that a run holds, for a statement.
  public static final String STATUS = Transition.target(Signal.CLAIM);

  private static final String HELD = " where id = :id and epoch = :epoch and status = " + STATUS;
  private static final String OVER =
      ", finished_at = :now, paused_because = null, owner = null, lease_until = null, "
          + Waiting.OVER;

  private final JdbcClient jdbc;
  private final Lease lease;

  HeldJob(JdbcClient jdbc, Lease lease) {
    this.jdbc = jdbc;
    this.lease = lease;
  }

  /// A stage begins, for the `visit`-th time.
  public void enter(String stage, int visit, Instant now) {
    change(
        change("set stage = :stage, visit = :visit, started_at = coalesce(started_at, :now)")
            .param("stage", stage)
            .param("visit", visit)
            .param("now", at(now)));
  }

  /// Ends with an answer.
  public void complete(Answer answer, Instant now) {
    change(
        change(
                after(Signal.ANSWER)
                    + ", answer_text = :text, answer_confidence = :confidence,"
                    + " answer_basis = :basis, answer_completeness = :completeness,"
                    + " answer_rests_on = :restsOn, stored = stored + :bytes"
                    + OVER)
            .param("text", answer.text())
            .param("confidence", answer.confidence())
            .param("basis", answer.basis().name())
            .param("completeness", answer.completeness().name())
            .param("restsOn", Job.shortened(answer.restsOn()))
            .param("bytes", Job.bytes(answer.text()))
            .param("now", at(now)));
  }

  /// Waits for a `resume`: what stopped it may be mended.
  public void pause(String because) {
    change(
        change(
                after(Signal.PAUSE)
                    + ", paused_because = :because, owner = null, lease_until = null, "
                    + Waiting.OVER)
            .param("because", Job.shortened(because)));
  }

  /// Ends without an answer, for a reason that no retry can mend.
  public void fail(String because, Instant now) {
    change(
        change(after(Signal.FAIL) + ", failure = :because" + OVER)
            .param("because", Job.shortened(because))
            .param("now", at(now)));
  }

  /// Waits for an engine, and goes on by itself.
  public void waits(Waiting waiting) {
    change(
        change("set waiting_for = :model, waiting_because = :because, waiting_since = :since")
            .param("model", waiting.model())
            .param("because", Job.shortened(waiting.because()))
            .param("since", at(waiting.since())));
  }

  /// Waits no longer.
  public void goesOn() {
    change(change("set " + Waiting.OVER));
  }

  /// Given back before the lease ends, for another run to claim at once.
  public void release() {
    change(change("set owner = null, lease_until = null, " + Waiting.OVER));
  }

  private static String after(Signal signal) {
    return "set status = " + Transition.target(signal);
  }

  private JdbcClient.StatementSpec change(String what) {
    return jdbc.sql("update job " + what + HELD)
        .param("id", lease.job())
        .param("epoch", lease.epoch());
  }

  private static OffsetDateTime at(Instant now) {
    return Job.stored(now).atOffset(ZoneOffset.UTC);
  }

  private void change(JdbcClient.StatementSpec statement) {
    if (statement.update() == 0) {
      throw new LeaseLost(lease);
    }
  }
}
