package dev.ponder.journal.web;

import dev.ponder.job.JobCommands;
import dev.ponder.journal.JournalEntry;
import dev.ponder.journal.archive.JobRecord;
import dev.ponder.journal.archive.Records;
import dev.ponder.memory.PromptContents;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import dev.ponder.web.Fails;
import dev.ponder.web.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What the prompts of a job's thoughts were made of, and what of a thought was compressed while it
/// ran.
@RestController
@RequestMapping(path = "/v1/jobs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "thoughts")
class PromptsController {

  /// Lines of each kind that one answer holds: far more than a job has.
  private static final int MOST_LINES = 5_000;

  private final JobCommands jobs;
  private final Records records;

  PromptsController(JobCommands jobs, Records records) {
    this.jobs = jobs;
    this.records = records;
  }

  @GetMapping("/prompts")
  @Operation(
      operationId = "listPrompts",
      summary = "What the prompts were made of",
      description =
          "For each thought that has begun: which thoughts its prompt was made of and in which form, the tokens of each tier, and what was left out and why. Where a thought outgrew the model's context, its folds say what stands for its older parts.")
  @Fails(ProblemType.DAMAGED_ORIGINAL)
  Prompts prompts(@PathVariable String id) {
    JobRecord record = records.of(jobs.find(id));
    Map<String, List<FoldView>> folds =
        record.entries(JournalEntry.Kind.THOUGHT_FOLDED, MOST_LINES).stream()
            .collect(
                Collectors.groupingBy(
                    PromptsController::thought,
                    Collectors.mapping(FoldView::of, Collectors.toList())));
    List<PromptView> items = new ArrayList<>();
    for (JournalEntry line : record.entries(JournalEntry.Kind.PROMPT_MADE, MOST_LINES)) {
      String thought = thought(line);
      PromptContents.read(line.note())
          .ifPresent(
              makeUp ->
                  items.add(
                      new PromptView(
                          thought,
                          line.at(),
                          makeUp.contextTokens(),
                          TiersView.of(makeUp),
                          makeUp.parts().stream().map(PartView::of).toList(),
                          makeUp.leftOut(),
                          folds.getOrDefault(thought, List.of()))));
    }
    return new Prompts(items);
  }

  private static String thought(JournalEntry line) {
    return new ThoughtKey(Stage.of(line.stage()).orElseThrow(), line.visit(), line.branch()).id();
  }

  /// The prompts of a job, in the order in which their thoughts began.
  @Schema(name = "Prompts")
  record Prompts(List<PromptView> items) {}

  /// One prompt.
  @Schema(name = "Prompt")
  record PromptView(
      @Schema(description = "The thought's id", example = "synthesis.1.1") String thought,
      Instant at,
      @Schema(description = "Tokens that the model's context holds") int contextTokens,
      TiersView tiers,
      @Schema(description = "The thoughts in it, as far as the journal's line names them")
          List<PartView> parts,
      @Schema(description = "Thoughts that the line has no room to name") int more,
      @Schema(description = "What stands for the older parts of the thought itself")
          List<FoldView> folds) {}

  /// Tokens by tier.
  @Schema(name = "PromptTiers")
  record TiersView(
      @Schema(description = "Kept free for the thought itself") int immediate,
      @Schema(description = "Conclusions and reasoning") int working,
      @Schema(description = "Compressed insights") int longTerm,
      @Schema(
              description =
                  "The problem and the instructions; where all fits, their bytes, uncounted")
          int context) {

    static TiersView of(PromptContents makeUp) {
      return new TiersView(
          makeUp.immediate(), makeUp.working(), makeUp.longTerm(), makeUp.context());
    }
  }

  /// A thought in a prompt.
  @Schema(name = "PromptPart")
  record PartView(
      @Schema(example = "deep_exploration.1.2") String thought,
      @Schema(allowableValues = {"conclusion", "reasoning", "answer"}) String what,
      @Schema(allowableValues = {"original", "compressed", "shortened", "left_out"}) String form,
      int tokens,
      @Schema(description = "Why it is not there as it was thought; null if it is")
          @Nullable String because) {

    static PartView of(PromptContents.Part part) {
      return new PartView(part.thought(), part.what(), part.form(), part.tokens(), part.because());
    }
  }

  /// A part of a running thought that insights stand for, or nothing could.
  @Schema(name = "PromptFold")
  record FoldView(
      Instant at,
      @Schema(description = "Tokens of the thought up to its end") int upToToken,
      @Schema(example = "1204 tokens became 88 (attempt 1)") String outcome) {

    static FoldView of(JournalEntry line) {
      return new FoldView(line.at(), line.tokens(), line.note());
    }
  }
}
