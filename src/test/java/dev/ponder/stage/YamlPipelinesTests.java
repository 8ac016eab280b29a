package dev.ponder.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.yaml.FileMistakes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@ExtendWith(OutputCaptureExtension.class)
class YamlPipelinesTests {

  private static final int MUTATIONS = 3_000;

  @TempDir Path folder;

  @Test
  void packedPipelinesAreThereWithAnEmptyFolder() {
    assertThat(in(folder).all())
        .extracting(Pipeline::name)
        .containsExactly("mini", "qwen3-30b-thinking", "qwen3-30b-thinking-recommended");
  }

  @Test
  void aFileOnDiskReplacesThePackedOneAndAnotherIsAdded() throws Exception {
    String mini = mini();
    Files.writeString(folder.resolve("mini.yaml"), mini.replace("topK: 20", "topK: 7"));
    Files.writeString(folder.resolve("own.yml"), mini.replace("topK: 20", "topK: 8"));

    Pipelines pipelines = in(folder);

    assertThat(pipelines.all())
        .extracting(Pipeline::name)
        .containsExactly("mini", "own", "qwen3-30b-thinking", "qwen3-30b-thinking-recommended");
    assertThat(pipelines.find("mini").orElseThrow().sampling().topK()).isEqualTo(7);
    assertThat(pipelines.find("own").orElseThrow().sampling().topK()).isEqualTo(8);
    assertThat(pipelines.find("none")).isEmpty();
  }

  @Test
  void filesThatAreNoPipelinesAreLeftAlone() throws Exception {
    Files.writeString(folder.resolve("notes.txt"), "no: pipeline");
    Files.writeString(folder.resolve(".mini.yaml"), "an editor's own copy");
    Files.createDirectory(folder.resolve("old.yaml"));

    assertThat(in(folder).all()).hasSize(3);
  }

  @Test
  void aFileCanHaveItsOwnWordsForAConclusionApart() throws Exception {
    Pipeline plain = in(folder).find("mini").orElseThrow();
    Pipeline own =
        in(folder)
            .parse(
                "own", mini() + "\nasks:\n  conclusion: 'Du: {{prompt}} Schluss: {{thought}}'\n");

    assertThat(own.asks().conclusion("1+1", "so 2")).isEqualTo("Du: 1+1 Schluss: so 2");
    assertThat(own.asks().missingLine("1+1", "It is 2.", "Answer: "))
        .isEqualTo(plain.asks().missingLine("1+1", "It is 2.", "Answer: "))
        .startsWith("1+1\n")
        .contains("\nIt is 2.\n")
        .endsWith("\nAnswer: …");
    assertThat(plain.asks().conclusion("100% {{x}}", "%s"))
        .startsWith("100% {{x}}\n")
        .contains("\n%s\n");
  }

  @Test
  void theSourceAJobKeptGivesTheSamePipeline() {
    Pipelines pipelines = in(folder);
    Pipeline mini = pipelines.find("mini").orElseThrow();

    Pipeline again = pipelines.parse("mini", mini.source());

    assertThat(again.hash()).isEqualTo(mini.hash()).matches("[0-9a-f]{64}");
    assertThat(again.source()).isEqualTo(mini.source());
  }

  @Test
  void theHashIsOfTheTextAndNotOfItsLineEnds() throws Exception {
    Pipelines pipelines = in(folder);
    String mini = mini();

    String hash = pipelines.parse("a", mini).hash();

    assertThat(pipelines.parse("b", "\uFEFF" + mini.replace("\n", "\r\n") + "\r\n").hash())
        .isEqualTo(hash);
    assertThat(pipelines.parse("c", mini.replace("topK: 20", "topK: 21")).hash())
        .isNotEqualTo(hash);
  }

  @Test
  void aStartUpWithMistakesPrintsThemWithoutAStackTrace(CapturedOutput output) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("mini.yaml"),
            mini().replace("temperature: 0.6", "temperature: hot").replace("topK: 20", "topK: x"));
    SpringApplication application = new SpringApplication(JustPipelines.class);
    application.setWebApplicationType(WebApplicationType.NONE);

    assertThatThrownBy(() -> application.run("--ponder.pipelines-folder=" + folder))
        .hasRootCauseInstanceOf(FileMistakes.class);

    assertThat(output)
        .contains(
            """
            %s, line 11, sampling.topK: found 'x', accepted: a whole number from 0 to 1000000
            %s, line 49, stages.synthesis.temperature: found 'hot', accepted: a number from 0 to 2
            """
                .formatted(file, file))
        .doesNotContain("\tat ");
  }

  @Test
  void halfACharacterIsRefusedWhereverItStands() throws Exception {
    for (int at = 1000; at < 1050; at++) {
      String source = new StringBuilder(mini()).insert(at, '\ud83d').toString();

      assertThatThrownBy(() -> in(folder).parse("mutated", source))
          .isInstanceOf(FileMistakes.class)
          .hasMessageContaining("found half of a character, accepted: whole characters");
    }
  }

  /// Whatever is in a file, it is read or refused with its mistakes.
  @Test
  @Timeout(300)
  void mutatedFilesAreReadOrRefused() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("Seed of the mutated pipeline files: " + seed);
    Random random = new Random(seed);
    Pipelines pipelines = in(folder);
    List<String> sources = List.of(mini(), source("qwen3-30b-thinking"));
    int refused = 0;

    for (int i = 0; i < MUTATIONS; i++) {
      String mutated = mutated(sources.get(i % sources.size()), random);
      try {
        Pipeline pipeline = pipelines.parse("mutated", mutated);
        for (Stage stage : Stage.values()) {
          pipeline.stage(stage).template().render(PromptFacts.of("{{prompt}}"));
        }
      } catch (FileMistakes mistakes) {
        refused++;
        assertThat(mistakes.mistakes()).as("seed %d, round %d", seed, i).isNotEmpty();
        assertThat(mistakes.mistakes()).allMatch(mistake -> !mistake.toString().contains("\n"));
      } catch (Throwable other) {
        throw new AssertionError("seed %d, round %d:\n%s".formatted(seed, i, mutated), other);
      }
    }

    assertThat(refused).isGreaterThan(MUTATIONS / 10);
  }

  private static String mutated(String source, Random random) {
    String scraps =
        "{}[]&*!|>'\"%@`#-:,? \n\t\\(){{#/^=0123456789.eE+truefalsnl~\u0000\u00e9\ud83d\udca1\ud800";
    StringBuilder text = new StringBuilder(source);
    for (int changes = 1 + random.nextInt(6); changes > 0 && text.length() > 1; changes--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + 1 + random.nextInt(30));
      switch (random.nextInt(6)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, scraps.charAt(random.nextInt(scraps.length())));
        case 2 -> text.setCharAt(at, scraps.charAt(random.nextInt(scraps.length())));
        case 3 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
        case 4 -> text.insert(at, "{{" + scraps.charAt(random.nextInt(scraps.length())));
        default -> {
          int line = text.lastIndexOf("\n", at) + 1;
          int next = text.indexOf("\n", at);
          text.delete(line, next < 0 ? text.length() : next + 1);
        }
      }
    }
    return text.toString();
  }

  private static YamlPipelines in(Path folder) {
    return new YamlPipelines(new PipelineSettings(folder.toString()));
  }

  private static String mini() throws Exception {
    return source("mini");
  }

  private static String source(String name) throws Exception {
    return Files.readString(Path.of("stage-configs", name + ".yaml"));
  }

  @Configuration
  @EnableConfigurationProperties(PipelineSettings.class)
  @Import(YamlPipelines.class)
  static class JustPipelines {}
}
