package dev.ponder.job;

import dev.ponder.time.Deadline;
import jakarta.persistence.Column;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the row of a job says beside its texts, of which each can be a million characters.
@MappedSuperclass
public abstract class JobFacts {

  @Id UUID id;
  String pipeline;
  String pipelineHash;
  String model;
  long seed;
  @Nullable String metadata;
  Instant createdAt;

  @Column(name = "deadline")
  Instant deadline;

  @Nullable Instant startedAt;
  @Nullable Instant finishedAt;

  @Enumerated(EnumType.STRING)
  JobStatus status;

  @Nullable String stage;
  int visit;
  @Nullable String pausedBecause;

  /// What a run waits for is written by the run alone.
  @Column(insertable = false, updatable = false)
  private @Nullable String waitingFor;

  @Column(insertable = false, updatable = false)
  private @Nullable String waitingBecause;

  @Column(insertable = false, updatable = false)
  private @Nullable Instant waitingSince;

  @Nullable String failure;

  /// Changed by the archive alone.
  @Column(insertable = false, updatable = false)
  private @Nullable Instant archivedAt;

  @SuppressWarnings("NullAway") // for Hibernate, which fills the fields
  JobFacts() {}

  public UUID id() {
    return id;
  }

  public String pipeline() {
    return pipeline;
  }

  public String pipelineHash() {
    return pipelineHash;
  }

  public String model() {
    return model;
  }

  public long seed() {
    return seed;
  }

  /// The client's metadata as JSON text.
  public Optional<String> metadata() {
    return Optional.ofNullable(metadata);
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Deadline deadline() {
    return new Deadline(deadline);
  }

  public Optional<Instant> startedAt() {
    return Optional.ofNullable(startedAt);
  }

  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAt);
  }

  public JobStatus status() {
    return status;
  }

  /// The stage it is in, or was in last.
  public Optional<String> stage() {
    return Optional.ofNullable(stage);
  }

  /// How often it has come to explore: 2 once verification has sent it back.
  public int visit() {
    return visit;
  }

  public Optional<String> pausedBecause() {
    return Optional.ofNullable(pausedBecause);
  }

  /// What its run waits for, if it runs and does.
  public Optional<Waiting> waiting() {
    return status != JobStatus.RUNNING
            || waitingFor == null
            || waitingBecause == null
            || waitingSince == null
        ? Optional.empty()
        : Optional.of(new Waiting(waitingFor, waitingBecause, waitingSince));
  }

  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /// When its thoughts went into the archive, if they are there.
  public Optional<Instant> archivedAt() {
    return Optional.ofNullable(archivedAt);
  }
}
