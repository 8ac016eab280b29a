package dev.ponder.checkpoint;

import dev.ponder.job.Job;
import dev.ponder.job.JobDesk;
import dev.ponder.memory.Thought;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What a job has thought, and the points it can be resumed from.
@RestController
@RequestMapping(path = "/v1/jobs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "thoughts")
class ThinkingController {

  /// Lines of a journal that one answer holds: far more than a job of five stages has.
  private static final int MOST_LINES = 10_000;

  private final JobDesk jobs;
  private final Journals journals;

  ThinkingController(JobDesk jobs, Journals journals) {
    this.jobs = jobs;
    this.journals = journals;
  }

  @GetMapping("/thoughts")
  @Operation(
      operationId = "listThoughts",
      summary = "What the model thought",
      description =
          "Finished thoughts in the order they were finished, then the durable part of those that are still being written.")
  Thoughts thoughts(@PathVariable String id) {
    Job job = jobs.find(id);
    List<ThoughtView> items = new ArrayList<>();
    journals.thoughts(job.id()).forEach(thought -> items.add(ThoughtView.of(thought)));
    journals
        .interrupted(job.id())
        .forEach(
            (key, part) ->
                items.add(
                    ThoughtView.of(
                        Thought.of(
                            key,
                            part.seed(),
                            part.text(),
                            part.tokens(),
                            part.tokens(),
                            Thought.ClosedBy.MODEL),
                        false)));
    return new Thoughts(items);
  }

  @GetMapping("/checkpoints")
  @Operation(
      operationId = "listCheckpoints",
      summary = "The points the job can be resumed from",
      description =
          "Each stage begun, each thought finished, and each chunk of a running thought is one. After a crash a job goes on from the newest by itself.")
  Checkpoints checkpoints(@PathVariable String id) {
    Job job = jobs.find(id);
    List<CheckpointView> items = new ArrayList<>();
    for (JournalEntry line : journals.entries(job.id(), 0, MOST_LINES)) {
      switch (line.kind()) {
        case STAGE_ENTERED -> items.add(CheckpointView.of("stage", line));
        case THOUGHT_FINISHED -> items.add(CheckpointView.of("thought", line));
        default -> {}
      }
    }
    items.addAll(journals.chunks(job.id()));
    items.sort(Comparator.comparingLong(CheckpointView::seq));
    return new Checkpoints(items);
  }

  /// All thoughts of a job.
  @Schema(name = "Thoughts")
  record Thoughts(List<ThoughtView> items) {}

  /// One thought.
  ///
  /// @param text the reasoning, before `</think>`
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
      @Schema(allowableValues = {"original"}) String form) {

    static ThoughtView of(Thought thought) {
      return of(thought, true);
    }

    static ThoughtView of(Thought thought, boolean finished) {
      return new ThoughtView(
          thought.key().id(),
          thought.key().stage().key(),
          thought.key().visit(),
          thought.key().branch(),
          thought.seed(),
          finished ? "finished" : "running",
          thought.reasoning(),
          thought.conclusion(),
          thought.tokens(),
          thought.forcedClose(),
          "original");
    }
  }

  /// All checkpoints of a job, in the order of the journal.
  @Schema(name = "Checkpoints")
  record Checkpoints(List<CheckpointView> items) {}

  /// One point a job can be resumed from.
  ///
  /// @param seq its number in the job's journal
  /// @param tokens of the thought that are durable at this point; null where a stage begins
  @Schema(name = "Checkpoint")
  record CheckpointView(
      long seq,
      @Schema(allowableValues = {"stage", "thought", "chunk"}) String kind,
      String stage,
      int visit,
      @Nullable Integer branch,
      @Nullable Integer tokens,
      @Nullable Instant at) {

    static CheckpointView of(String kind, JournalEntry line) {
      return new CheckpointView(
          line.seq(), kind, line.stage(), line.visit(), line.branch(), line.tokens(), line.at());
    }
  }
}
