package dev.ponder.job;

import dev.ponder.time.Deadline;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/// What a client asked for, and where it stands. How it moves is said by [Transition#TABLE] alone:
/// what a client asks for is done here, what a run does in [HeldJob], and claims in [JobLeases].
@Entity
@Table(name = "job")
public class Job extends JobFacts implements Persistable<UUID> {

  private static final int SENTENCE = 2000;

  private String prompt;
  private @Nullable String answerText;
  private @Nullable Double answerConfidence;

  @Enumerated(EnumType.STRING)
  private Answer.@Nullable ConfidenceBasis answerBasis;

  @Enumerated(EnumType.STRING)
  private Answer.@Nullable Completeness answerCompleteness;

  private @Nullable String answerRestsOn;
  private @Nullable String idempotencyKey;

  @Column(updatable = false)
  private @Nullable String createdBy;

  private String fingerprint;
  private long epoch;
  private @Nullable String owner;
  private @Nullable Instant leaseUntil;

  /// Bytes of what a client sent; the answer and the archive are added by those who write them.
  @Column(updatable = false)
  private long stored;

  @Transient private boolean fresh;

  @SuppressWarnings("NullAway") // for Hibernate, which fills the fields
  protected Job() {}

  Job(
      UUID id,
      Submission submission,
      Admission.Admitted admitted,
      long seed,
      @Nullable String metadata,
      Instant createdAt,
      Deadline deadline,
      @Nullable String idempotencyKey,
      @Nullable String createdBy,
      String fingerprint) {
    this.id = id;
    this.prompt = submission.prompt();
    this.pipeline = admitted.pipeline();
    this.pipelineHash = admitted.pipelineHash();
    this.model = admitted.model();
    this.seed = seed;
    this.metadata = metadata;
    this.createdAt = createdAt;
    this.deadline = deadline.at();
    this.idempotencyKey = idempotencyKey;
    this.createdBy = createdBy;
    this.fingerprint = fingerprint;
    this.status = Transition.of(Phase.NEW, Signal.ACCEPT).to().status();
    this.visit = 1;
    this.stored = bytes(prompt) + bytes(metadata);
    this.fresh = true;
  }

  /// Back into the queue, to go on where it stopped.
  void resume() {
    status =
        after(
            Signal.RESUME,
            "resumed",
            status.isFinal()
                ? "It is over: submit a new job."
                : "Only a paused job has to be resumed; this one goes on by itself.");
    pausedBecause = null;
  }

  /// Ends because the client no longer wants it. Raises the epoch, so a run that still works on it
  /// can write nothing more. Doing it twice is harmless.
  void cancel(Instant now) {
    if (status == JobStatus.CANCELLED) {
      return;
    }
    var end =
        after(
            Signal.CANCEL,
            "cancelled",
            "Its answer and thoughts stay readable until it is deleted.");
    epoch++;
    finish(end, now);
  }

  private JobStatus after(Signal signal, String asked, String advice) {
    try {
      return Transition.of(phase(), signal).to().status();
    } catch (IllegalMove refused) {
      throw new JobProblem.WrongStatus(id, asked, status, advice);
    }
  }

  private void finish(JobStatus end, Instant now) {
    status = end;
    finishedAt = stored(now);
    pausedBecause = null;
    owner = null;
    leaseUntil = null;
  }

  /// The database keeps microseconds; what is told before a commit has to equal what is read after.
  static Instant stored(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  static long bytes(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }

  static String shortened(String sentence) {
    return sentence.length() <= SENTENCE ? sentence : sentence.substring(0, SENTENCE - 1) + "…";
  }

  public String prompt() {
    return prompt;
  }

  public Phase phase() {
    return Phase.of(status, stage);
  }

  public Optional<Answer> answer() {
    return answerText == null || answerConfidence == null
        ? Optional.empty()
        : Optional.of(
            new Answer(
                answerText,
                answerConfidence,
                answerBasis == null ? Answer.ConfidenceBasis.ESTIMATED : answerBasis,
                answerCompleteness,
                answerRestsOn));
  }

  public Optional<Instant> leaseUntil() {
    return Optional.ofNullable(leaseUntil);
  }

  /// The name of the API key that it was submitted with, if the service has keys.
  public Optional<String> createdBy() {
    return Optional.ofNullable(createdBy);
  }

  String fingerprint() {
    return fingerprint;
  }

  public Lease lease() {
    return new Lease(id, epoch);
  }

  @Override
  public UUID getId() {
    return id;
  }

  /// A job just made is inserted without asking the database whether it is there.
  @Override
  public boolean isNew() {
    return fresh;
  }
}
