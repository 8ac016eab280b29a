package dev.ponder.model;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The models over HTTP.
@RestController
@RequestMapping(path = "/v1/models", produces = APPLICATION_JSON_VALUE)
@Tag(name = "Models", description = "Which models there are, and how they are.")
class ModelController {

  private static final String EXAMPLE =
      """
      {"items": [{
        "name": "mini", "engine": "jllama", "pipeline": "mini", "state": "idle",
        "detail": "Model mini starts with the first request.", "restarts": 0, "circuit": null,
        "fallback": [], "context": 2048,
        "sequences": 6, "file": "embedded:", "isDefault": true, "capabilities": null,
        "profile": {"description": "Thinking Mini, which ships with Ponder and is ready at once.",
          "aim": "a first look, and tests", "aliases": [], "quantization": "Q8_0",
          "context": 12288, "targets": {}, "notCarried": {}, "modes": [], "memory": null}}]}
      """;

  private final ModelRegistry registry;

  ModelController(ModelRegistry registry) {
    this.registry = registry;
  }

  @GetMapping
  @Operation(
      operationId = "listModels",
      summary = "List the models",
      description = "The default model comes first. Asking starts no engine.")
  @ApiResponse(
      responseCode = "200",
      description = "The models there are.",
      content =
          @Content(
              mediaType = APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = ModelList.class),
              examples = @ExampleObject(name = "embedded", value = EXAMPLE)))
  ModelList list() {
    return new ModelList(
        registry.shown().stream()
            .map(model -> ModelView.of(model, registry.isDefault(model)))
            .toList());
  }

  /// All models.
  @Schema(name = "Models", description = "All models.")
  record ModelList(List<ModelView> items) {}
}
