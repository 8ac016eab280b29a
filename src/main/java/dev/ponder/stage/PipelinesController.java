package dev.ponder.stage;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /v1/pipelines`: the ways of thinking that a job can ask for.
@RestController
@Tag(name = "Pipelines")
class PipelinesController {

  private static final String EXAMPLE =
      """
      {"items": [{
        "name": "mini",
        "description": "Five stages for the embedded model Thinking Mini.",
        "hash": "c0ffee5a0d8e0b1d8b0d6a5b7a1d0f3e2c4b6a8d9e7f5c3b1a0f2e4d6c8b9a7f",
        "timeoutSeconds": 1800,
        "maxThinkingTokens": 416,
        "sampling": {"topP": 0.95, "topK": 20, "minP": 0.0, "presencePenalty": 0.0, "repeatPenalty": 1.0},
        "switches": {"metacognition": false, "uncertaintyQuantification": false,
          "alternativeConsideration": false, "assumptionChecking": false, "selfReflection": false,
          "errorCorrection": true, "confidenceAssessment": true, "progressiveRevelation": true},
        "stages": [
          {"name": "initial_analysis", "temperature": 0.8, "maxTokens": 512, "branches": 1},
          {"name": "deep_exploration", "temperature": 0.7, "maxTokens": 512, "branches": 3},
          {"name": "synthesis", "temperature": 0.6, "maxTokens": 512, "branches": 1},
          {"name": "verification", "temperature": 0.4, "maxTokens": 512, "branches": 1},
          {"name": "final_output", "temperature": 0.5, "maxTokens": 512, "branches": 1}]
      }]}
      """;

  private final Pipelines pipelines;

  PipelinesController(Pipelines pipelines) {
    this.pipelines = pipelines;
  }

  @GetMapping(path = "/v1/pipelines", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "The pipelines a job can ask for",
      description =
          "All pipelines in the order of their names. They are read at start-up, so the list only"
              + " changes with a restart.")
  @ApiResponse(
      responseCode = "200",
      description = "All pipelines",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = PipelineList.class),
              examples = @ExampleObject(EXAMPLE)))
  PipelineList pipelines() {
    return new PipelineList(pipelines.all().stream().map(PipelineView::of).toList());
  }

  @Schema(name = "Pipelines")
  record PipelineList(List<PipelineView> items) {}

  @Schema(name = "Pipeline")
  record PipelineView(
      @Schema(description = "What a job calls it") String name,
      String description,
      @Schema(description = "SHA-256 of the file's text") String hash,
      @Schema(description = "A job takes at most this long") long timeoutSeconds,
      @Schema(description = "At most so many tokens before </think> in one thought")
          int maxThinkingTokens,
      SamplingSettings sampling,
      @Schema(description = "Every switch and whether it is on") Map<String, Boolean> switches,
      @Schema(description = "The five stages in their order") List<StageView> stages) {

    static PipelineView of(Pipeline pipeline) {
      return new PipelineView(
          pipeline.name(),
          pipeline.description(),
          pipeline.hash(),
          pipeline.timeout().toSeconds(),
          pipeline.maxThinkingTokens(),
          pipeline.sampling(),
          Arrays.stream(Switch.values())
              .collect(
                  Collectors.toMap(
                      Switch::key, pipeline::has, (one, other) -> one, LinkedHashMap::new)),
          Arrays.stream(Stage.values()).map(pipeline::stage).map(StageView::of).toList());
    }
  }

  @Schema(name = "PipelineStage")
  record StageView(
      @Schema(example = "deep_exploration") String name,
      double temperature,
      @Schema(description = "Tokens of one thought at most") int maxTokens,
      @Schema(description = "Thoughts side by side") int branches) {

    static StageView of(StageConfig stage) {
      return new StageView(
          stage.stage().key(), stage.temperature(), stage.maxTokens(), stage.branches());
    }
  }
}
