package dev.ponder.job;

import dev.ponder.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Accepts jobs: checks the submission, and returns only once the job is committed.
@Component
public class JobIntake {

  /// The shortest time worth thinking in.
  static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Jobs jobs;
  private final Admission admission;
  private final JobIds ids;
  private final JobSettings settings;
  private final DeadlineSettings deadlines;
  private final InstantSource time;
  private final ApplicationEventPublisher events;
  private final JsonMapper json;

  JobIntake(
      Jobs jobs,
      Admission admission,
      JobIds ids,
      JobSettings settings,
      DeadlineSettings deadlines,
      InstantSource time,
      ApplicationEventPublisher events,
      JsonMapper json) {
    this.jobs = jobs;
    this.admission = admission;
    this.ids = ids;
    this.settings = settings;
    this.deadlines = deadlines;
    this.time = time;
    this.events = events;
    this.json = json;
  }

  /// What became of a submission.
  ///
  /// @param replayed whether the job was there before, accepted under the same idempotency key
  public record Accepted(Job job, boolean replayed) {}

  /// Accepts a job, or finds the one that the same key accepted before.
  ///
  /// @throws JobProblem.InvalidSubmission for a field that is out of its limits
  /// @throws JobProblem.Refused if too many jobs wait
  /// @throws JobProblem.KeyReused if the key came with another payload
  public Accepted accept(Submission submission, @Nullable String idempotencyKey) {
    return accept(submission, idempotencyKey, null);
  }

  /// @param createdBy the name of the API key that it came with, which its row keeps
  public Accepted accept(
      Submission submission, @Nullable String idempotencyKey, @Nullable String createdBy) {
    check(submission);
    String fingerprint = fingerprint(submission);
    Optional<Job> earlier = earlier(idempotencyKey, fingerprint);
    if (earlier.isPresent()) {
      return new Accepted(earlier.get(), true);
    }
    refuseWhenFull();
    try {
      Job job = jobs.save(made(submission, idempotencyKey, createdBy, fingerprint));
      events.publishEvent(new JobAccepted(job.id()));
      return new Accepted(job, false);
    } catch (DataIntegrityViolationException raced) {
      // Two requests with one key: the other one has committed first, and this one is its replay.
      return new Accepted(earlier(idempotencyKey, fingerprint).orElseThrow(() -> raced), true);
    }
  }

  private Job made(
      Submission submission, @Nullable String key, @Nullable String createdBy, String fingerprint) {
    var admitted = admission.admit(submission.pipeline(), submission.model());
    Duration longest = least(deadlines.longest(), admitted.timeout());
    Duration asked =
        submission.deadlineSeconds() == null
            ? longest
            : Duration.ofSeconds(submission.deadlineSeconds());
    if (asked.compareTo(longest) > 0) {
      throw new JobProblem.InvalidSubmission(
          "deadlineSeconds",
          "deadlineSeconds is %d and may be at most %d, the time-out of the pipeline '%s' and of ponder.deadline. Ask for less, or leave it out."
              .formatted(asked.toSeconds(), longest.toSeconds(), admitted.pipeline()));
    }
    // The database keeps microseconds; a job read back has to equal the one just made.
    var now = time.instant().truncatedTo(ChronoUnit.MICROS);
    String metadata = metadata(submission);
    long seed = submission.seed() == null ? settings.defaultSeed() : submission.seed();
    Deadline deadline = new Deadline(now.plus(asked));
    return new Job(
        ids.next(),
        submission,
        admitted,
        seed,
        metadata,
        now,
        deadline,
        key,
        createdBy,
        fingerprint);
  }

  private void check(Submission submission) {
    if (submission.prompt().isBlank()) {
      throw new JobProblem.InvalidSubmission(
          "prompt", "The prompt is empty. Send what the model should think about.");
    }
    int length = submission.prompt().length();
    if (length > settings.promptMaxCharacters()) {
      throw new JobProblem.InvalidSubmission(
          "prompt",
          "The prompt has %d characters and the limit is %d (ponder.jobs.prompt-max-characters). Shorten it."
              .formatted(length, settings.promptMaxCharacters()));
    }
    measure(submission.metadata());
    Storable.check(submission);
    Long seconds = submission.deadlineSeconds();
    if (seconds != null
        && (seconds < SHORTEST.toSeconds() || seconds > deadlines.longest().toSeconds())) {
      throw new JobProblem.InvalidSubmission(
          "deadlineSeconds",
          "deadlineSeconds is %d and has to be from %d to %d (ponder.deadline). A deadline counts from now, so it is never in the past."
              .formatted(seconds, SHORTEST.toSeconds(), deadlines.longest().toSeconds()));
    }
    metadata(submission);
  }

  /// As JSON an entry has at least four quotation marks, a colon and a comma besides. What is too
  /// long by that count is not written to be measured.
  private void measure(Map<String, String> metadata) {
    long least = 1;
    for (var each : metadata.entrySet()) {
      least += each.getKey().length() + each.getValue().length() + 6L;
    }
    refuseMetadataOf(least);
  }

  private @Nullable String metadata(Submission submission) {
    if (submission.metadata().isEmpty()) {
      return null;
    }
    String text = json.writeValueAsString(submission.metadata());
    refuseMetadataOf(text.length());
    return text;
  }

  private void refuseMetadataOf(long characters) {
    if (characters > settings.metadataMaxCharacters()) {
      throw new JobProblem.InvalidSubmission(
          "metadata",
          "The metadata has %d characters as JSON and the limit is %d (ponder.jobs.metadata-max-characters). Keep large data elsewhere and send its name."
              .formatted(characters, settings.metadataMaxCharacters()));
    }
  }

  /// Submissions that arrive in the same instant may all find the last free place: the queue can
  /// be over its limit by as many requests as are under way, and no more.
  private void refuseWhenFull() {
    long waiting = jobs.countByStatus(JobStatus.QUEUED);
    if (waiting >= settings.waitingMax()) {
      throw new JobProblem.Refused(waiting, settings.waitingMax(), Duration.ofSeconds(10));
    }
  }

  private Optional<Job> earlier(@Nullable String key, String fingerprint) {
    if (key == null) {
      return Optional.empty();
    }
    Optional<Job> found = jobs.findByIdempotencyKey(key);
    if (found.isPresent() && !found.get().fingerprint().equals(fingerprint)) {
      throw new JobProblem.KeyReused(key, found.get().id());
    }
    return found;
  }

  /// SHA-256 of the submission with its metadata in order, so that equal payloads are equal however
  /// their JSON was written.
  private String fingerprint(Submission s) {
    var ordered =
        new Submission(
            s.prompt(),
            s.pipeline(),
            s.model(),
            s.deadlineSeconds(),
            s.seed(),
            new TreeMap<>(s.metadata()));
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      byte[] text = json.writeValueAsString(ordered).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(digest.digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
