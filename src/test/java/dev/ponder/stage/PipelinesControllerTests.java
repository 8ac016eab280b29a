package dev.ponder.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

class PipelinesControllerTests {

  private final Pipelines pipelines = new YamlPipelines(new PipelineSettings("stage-configs"));
  private final MockMvcTester http =
      MockMvcTester.create(
          MockMvcBuilders.standaloneSetup(new PipelinesController(pipelines)).build());

  @Test
  void listsThePipelinesByName() {
    var answer = http.get().uri("/v1/pipelines").exchange();

    assertThat(answer).hasStatusOk();
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.items[*].name")
        .asArray()
        .containsExactly("mini", "qwen3-30b-thinking", "qwen3-30b-thinking-recommended");
  }

  @Test
  void showsWhatAPipelineDoes() {
    var answer = http.get().uri("/v1/pipelines").exchange();

    assertThat(answer)
        .bodyJson()
        .extractingPath("$.items[1]")
        .asMap()
        .containsEntry("hash", pipelines.find("qwen3-30b-thinking").orElseThrow().hash())
        .containsEntry("timeoutSeconds", 1800)
        .containsEntry("maxThinkingTokens", 32768)
        .doesNotContainKey("source");
    assertThat(answer).bodyJson().extractingPath("$.items[1].sampling.topK").isEqualTo(20);
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.items[0].switches.metacognition")
        .isEqualTo(false);
    assertThat(answer)
        .bodyJson()
        .extractingPath("$.items[1].stages[1]")
        .asMap()
        .containsEntry("name", "deep_exploration")
        .containsEntry("temperature", 0.7)
        .containsEntry("maxTokens", 16384)
        .containsEntry("branches", 3);
  }
}
