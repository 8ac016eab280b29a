package dev.ponder.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.http.ServerAddress;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;

class ModelSettingsTests {

  @EnableConfigurationProperties(ModelSettings.class)
  static class Configuration {}

  private final ApplicationContextRunner bare =
      new ApplicationContextRunner().withUserConfiguration(Configuration.class);
  private final ApplicationContextRunner shipped =
      bare.withInitializer(new ConfigDataApplicationContextInitializer());

  @Test
  void theEmbeddedModelIsTheDefaultAsShipped() {
    shipped.run(
        settings(
            it -> {
              assertThat(it.models()).isEmpty();
              assertThat(it.defaultModel()).isEqualTo("mini");
              assertThat(it.data()).isEqualTo(Path.of("data"));
              assertThat(it.llamaServer()).isEmpty();
            }));
  }

  @Test
  void aModelThatSaysNothingGetsTheLargePipeline() {
    bare.withPropertyValues("ponder.models.big.file=/models/big.gguf", "ponder.pace=40")
        .run(
            settings(
                it -> {
                  ModelProfile big = it.models().get("big");
                  assertThat(big.usualPipeline()).isEqualTo("qwen3-30b-thinking");
                  assertThat(big.sequencesOrOne()).isEqualTo(1);
                  assertThat(big.context()).isNull();
                  assertThat(it.pace()).isEqualTo(40);
                }));
  }

  @Test
  void aNameMayHoldDots() {
    bare.withPropertyValues("ponder.models[qwen3.5].url=http://127.0.0.1:8081")
        .run(
            settings(
                it ->
                    assertThat(it.models().get("qwen3.5").url())
                        .isEqualTo(ServerAddress.of("http://127.0.0.1:8081"))));
  }

  @Test
  void severalServersCanBeAttached() {
    bare.withPropertyValues("ponder.llama-server=http://127.0.0.1:8081,http://127.0.0.1:8082")
        .run(settings(it -> assertThat(it.llamaServer()).hasSize(2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ponder.models.m.engine=jlama          | engine is 'jlama' and has to be one of jllama, llama-server",
        "ponder.models.m.engine=jllama         | engine is jllama, which needs a file",
        "ponder.models.m.engine=llama-server   | engine is llama-server, which needs a url",
        "ponder.models.m.file=embedded:big     | there is one embedded model, written 'embedded:'",
        "ponder.models.m.context=10            | context is 10 and has to be between 64 and 1048576",
        "ponder.models.m.sequences=0           | sequences is 0 and has to be between 1 and 64",
        "ponder.models.m.threads=-3            | threads is -3 and has to be between 1 and 512",
        "ponder.models.m.pace=-1               | pace is -1.0 and has to be between 0 (off) and 1000000",
        "ponder.models.m.pace=NaN              | pace is NaN and has to be between 0 (off) and 1000000",
        "ponder.models.m.url=127.0.0.1:80      | 127.0.0.1:80",
        "ponder.models.m.url=ftp://host        | is 'ftp://host' and has to be an address such as http",
        "ponder.pace=-1                        | ponder.pace is -1.0 and has to be between 0 (off)",
        "ponder.llama-server=localhost:8081    | is 'localhost:8081' and has to be an address",
      })
  void aMistakeStopsTheStartAndSaysWhatIsAccepted(String property, String message) {
    bare.withPropertyValues(property)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining(message)
                    .hasStackTraceContaining(
                        property.startsWith("ponder.models") ? "ponder.models.m" : "ponder"));
  }

  @Test
  void aModelHasAFileOrAnAddress() {
    bare.withPropertyValues(
            "ponder.models.m.file=a.gguf", "ponder.models.m.url=http://127.0.0.1:8081")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("a model has one of them"));
  }

  private static ContextConsumer<AssertableApplicationContext> settings(
      Consumer<ModelSettings> check) {
    return context -> {
      assertThat(context).hasNotFailed();
      check.accept(context.getBean(ModelSettings.class));
    };
  }
}
