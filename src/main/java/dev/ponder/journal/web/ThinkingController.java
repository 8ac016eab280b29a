package dev.ponder.journal.web;

import dev.ponder.job.Job;
import dev.ponder.job.JobCommands;
import dev.ponder.journal.Checkpoint;
import dev.ponder.journal.History;
import dev.ponder.journal.archive.JobRecord;
import dev.ponder.journal.archive.Records;
import dev.ponder.journal.archive.StoredThought;
import dev.ponder.journal.archive.SweepMark;
import dev.ponder.journal.archive.ThoughtForm;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import dev.ponder.text.Nearest;
import dev.ponder.web.Fails;
import dev.ponder.web.Problem;
import dev.ponder.web.ProblemType;
import dev.ponder.web.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What a job has thought, and the points it can be resumed from.
@RestController
@RequestMapping(path = "/v1/jobs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "thoughts")
class ThinkingController {

  private static final Pattern ID = Pattern.compile("([a-z_]{1,40})\\.(\\d{1,6})\\.(\\d{1,6})");

  private final JobCommands jobs;
  private final Records records;

  ThinkingController(JobCommands jobs, Records records) {
    this.jobs = jobs;
    this.records = records;
  }

  @GetMapping("/thoughts")
  @Operation(
      operationId = "listThoughts",
      summary = "What the model thought",
      description =
          "Finished thoughts in the order they were finished, then the durable part of those that are still being written.")
  @Fails(ProblemType.DAMAGED_ORIGINAL)
  Thoughts thoughts(
      @PathVariable String id,
      @Parameter(
              description =
                  "The form to show thoughts in. Without it each comes as it is: compressed, once the sweep has been there. Thoughts that are not compressed come as originals in any case.",
              schema = @Schema(allowableValues = {"original", "compressed"}))
          @RequestParam(required = false)
          @Nullable String form) {
    ThoughtForm wanted = form == null ? null : form(form);
    JobRecord record = records.of(jobs.find(id));
    List<ThoughtView> items = new ArrayList<>();
    record.thoughts(wanted).forEach(thought -> items.add(ThoughtView.of(thought)));
    record.interrupted().forEach((key, part) -> items.add(ThoughtView.of(key, part)));
    return new Thoughts(items);
  }

  @GetMapping("/thoughts/{thought}")
  @Operation(
      operationId = "getThought",
      summary = "One thought",
      description =
          "The original is kept when a thought is compressed, and its SHA-256 is checked when it is read.")
  @Fails({
    ProblemType.UNKNOWN_JOB,
    ProblemType.UNKNOWN_THOUGHT,
    ProblemType.NOT_COMPRESSED,
    ProblemType.DAMAGED_ORIGINAL
  })
  ThoughtView thought(
      @PathVariable String id,
      @Parameter(description = "The thought's id.", example = "deep_exploration.1.2")
          @PathVariable("thought")
          String thought,
      @Parameter(
              description =
                  "The form to show it in. Without it the thought comes as it is: compressed, once the sweep has been there.",
              schema = @Schema(allowableValues = {"original", "compressed"}))
          @RequestParam(required = false)
          @Nullable String form) {
    ThoughtForm wanted = form == null ? null : form(form);
    Job job = jobs.find(id);
    JobRecord record = records.of(job);
    var finished = key(thought).flatMap(key -> record.thought(key, wanted));
    if (finished.isPresent()) {
      StoredThought found = finished.get();
      if (wanted == ThoughtForm.COMPRESSED && found.form() != wanted) {
        throw notCompressed(job, thought, found.mark());
      }
      return ThoughtView.of(found);
    }
    var running =
        record.interrupted().entrySet().stream()
            .filter(part -> part.getKey().id().equals(thought))
            .findFirst()
            .orElseThrow(() -> unknown(job, record, thought));
    if (wanted == ThoughtForm.COMPRESSED) {
      throw notCompressed(job, thought, null);
    }
    return ThoughtView.of(running.getKey(), running.getValue());
  }

  @GetMapping("/checkpoints")
  @Operation(
      operationId = "listCheckpoints",
      summary = "The points the job can be resumed from",
      description =
          "Each stage begun, each thought finished, each judgement of answers, and each chunk of a running thought is one. After a crash a job goes on from the newest by itself.")
  @Fails(ProblemType.DAMAGED_ORIGINAL)
  Checkpoints checkpoints(@PathVariable String id) {
    return new Checkpoints(
        records.of(jobs.find(id)).checkpoints().stream().map(CheckpointView::of).toList());
  }

  /// The key that an id stands for, if it is well-formed.
  private static Optional<ThoughtKey> key(String id) {
    Matcher parts = ID.matcher(id);
    return parts.matches()
        ? Stage.of(parts.group(1))
            .map(
                stage ->
                    new ThoughtKey(
                        stage, Integer.parseInt(parts.group(2)), Integer.parseInt(parts.group(3))))
        : Optional.empty();
  }

  private static ThoughtForm form(String asked) {
    return ThoughtForm.of(asked)
        .orElseThrow(
            () ->
                new Refusal(
                    Problem.of(
                            ProblemType.INVALID_REQUEST,
                            "There is no form '%s' of a thought.%s"
                                .formatted(asked, Nearest.question(asked, ThoughtForm.keys())))
                        .field("form")
                        .found(asked)
                        .accepted(ThoughtForm.keys())));
  }

  private static Refusal unknown(Job job, JobRecord record, String thought) {
    List<String> known =
        Stream.concat(
                record.summaries().stream().map(summary -> summary.key().id()),
                record.interrupted().keySet().stream().map(ThoughtKey::id))
            .sorted()
            .toList();
    return new Refusal(
        Problem.of(
                ProblemType.UNKNOWN_THOUGHT,
                "Job %s has no thought '%s'. It has %s."
                    .formatted(
                        job.id(), thought, known.isEmpty() ? "none yet" : String.join(", ", known)))
            .field("thought")
            .found(thought)
            .accepted(known));
  }

  private static Refusal notCompressed(Job job, String thought, @Nullable SweepMark mark) {
    String because =
        mark == null
            ? "the sweep has not come to it (ponder.memory.sweep-interval)"
            : mark.note() == null ? "it stays as it is" : mark.note();
    return new Refusal(
        Problem.of(
                ProblemType.NOT_COMPRESSED,
                "Thought %s of job %s is not compressed: %s.".formatted(thought, job.id(), because))
            .next("Ask for form=original, or leave form out."));
  }

  /// All thoughts of a job.
  @Schema(name = "Thoughts")
  record Thoughts(List<ThoughtView> items) {}

  /// One thought.
  ///
  /// @param text the reasoning, before `</think>`; or the insights that stand for it
  @Schema(name = "Thought")
  record ThoughtView(
      @Schema(example = "deep_exploration.1.2") String id,
      @Schema(example = "deep_exploration") String stage,
      int visit,
      int branch,
      long seed,
      @Schema(allowableValues = {"running", "finished"}) String status,
      String text,
      String conclusion,
      int tokens,
      boolean forcedClose,
      @Schema(allowableValues = {"original", "compressed"}) String form) {

    static ThoughtView of(StoredThought thought) {
      return new ThoughtView(
          thought.key().id(),
          thought.key().stage().key(),
          thought.key().visit(),
          thought.key().branch(),
          thought.seed(),
          "finished",
          thought.text(),
          thought.conclusion(),
          thought.tokens(),
          thought.forcedClose(),
          thought.form().key());
    }

    static ThoughtView of(ThoughtKey key, History.Interrupted part) {
      Thought thought =
          Thought.of(
              key, part.seed(), part.text(), part.tokens(), part.tokens(), Thought.ClosedBy.MODEL);
      return new ThoughtView(
          key.id(),
          key.stage().key(),
          key.visit(),
          key.branch(),
          part.seed(),
          "running",
          thought.reasoning(),
          thought.conclusion(),
          part.tokens(),
          false,
          ThoughtForm.ORIGINAL.key());
    }
  }

  /// All checkpoints of a job, in the order of the journal.
  @Schema(name = "Checkpoints")
  record Checkpoints(List<CheckpointView> items) {}

  /// One point a job can be resumed from.
  ///
  /// @param seq its number in the job's journal
  /// @param tokens of the thought that are durable at this point; null where a stage begins;
  ///     of a judgement those that it cost
  @Schema(name = "Checkpoint")
  record CheckpointView(
      long seq,
      @Schema(allowableValues = {"stage", "thought", "judgement", "chunk"}) String kind,
      String stage,
      int visit,
      @Nullable Integer branch,
      @Nullable Integer tokens,
      @Nullable Instant at,
      @Schema(
              description =
                  "Of a judgement: the model, which answers mean the same by its word, and their beginnings; else null",
              example = "qwen3-30b-thinking: 1=3, 2")
          @Nullable String note) {

    static CheckpointView of(Checkpoint checkpoint) {
      return new CheckpointView(
          checkpoint.seq(),
          checkpoint.what().key(),
          checkpoint.stage(),
          checkpoint.visit(),
          checkpoint.branch(),
          checkpoint.tokens(),
          checkpoint.at(),
          checkpoint.note());
    }
  }
}
