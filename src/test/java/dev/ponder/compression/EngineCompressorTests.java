package dev.ponder.compression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Engine;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.memory.Compression;
import dev.ponder.memory.Compressor;
import dev.ponder.memory.Compressor.Material;
import dev.ponder.model.Models;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.PipelineSettings;
import dev.ponder.stage.Pipelines;
import dev.ponder.stage.YamlPipelines;
import dev.ponder.thinking.LongThought;
import dev.ponder.time.Deadline;
import dev.ponder.time.Threads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model makes the summaries, and its word is checked.
class EngineCompressorTests {

  private static final Deadline LATE = Deadline.in(Duration.ofMinutes(5), InstantSource.system());
  private static final String STEPS =
      IntStream.rangeClosed(1, 20)
          .mapToObj(i -> "Step %d looks at the coins again.\n".formatted(i))
          .collect(Collectors.joining());

  private final ScriptedEngine engine = new ScriptedEngine("scripted");
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private Pipelines pipelines;
  private Pipeline pipeline;
  private Compressor compressor;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    LongThought.pipeline(folder, 2000, 160);
    pipelines = new YamlPipelines(new PipelineSettings(folder.toString()));
    pipeline = pipelines.find(LongThought.PIPELINE).orElseThrow();
    var settings = new CompressionSettings(0.85, 24, 256, 2000);
    compressor =
        new EngineCompressor(
            new OneModel(engine),
            new TokenCounts(settings),
            settings,
            new MemoryMeters(meters),
            Threads.ofThePlatform(),
            InstantSource.system());
  }

  private record OneModel(Engine engine) implements Models {
    @Override
    public Engine engine(String name) {
      return engine;
    }

    @Override
    public String defaultModel() {
      return engine.model();
    }

    @Override
    public List<String> names() {
      return List.of(engine.model());
    }

    @Override
    public String pipeline(String model) {
      return LongThought.PIPELINE;
    }
  }

  private Compression compress(String text, String conclusion) {
    return compress(text, conclusion, LATE);
  }

  private Compression compress(String text, String conclusion, Deadline deadline) {
    return compressor.compress(new Material("scripted", pipeline, text, conclusion, deadline));
  }

  private void says(Function<GenerationRequest, String> key) {
    engine.writes(request -> "I look.\n</think>\n\nKey: " + key.apply(request));
  }

  @Test
  void acceptsASummaryThatKeepsTheConclusion() {
    says(request -> "13 coins are left.");

    var outcome = (Compression.Accepted) compress(STEPS, "There are 13 coins left.");

    assertThat(outcome.insights()).isEqualTo("Key: 13 coins are left.");
    assertThat(outcome.attempts()).isEqualTo(1);
    assertThat(outcome.tokensBefore())
        .isEqualTo(engine.countTokens(STEPS) + engine.countTokens("There are 13 coins left."));
    assertThat(outcome.ratio()).isLessThan(0.2);
  }

  @Test
  void asksOnceMoreWithWhatWasMissing() {
    says(
        request ->
            request.conversation().user().contains("missing: 13 coins") ? "13 coins." : "coins.");

    var outcome = (Compression.Accepted) compress(STEPS, "There are 13 coins left.");

    assertThat(outcome.attempts()).isEqualTo(2);
    assertThat(meter("ponder.memory.retries")).isEqualTo(1);
  }

  @Test
  void rejectsWhatLacksItTwice() {
    says(request -> "some coins.");

    var outcome = (Compression.Rejected) compress(STEPS, "There are 13 coins left.");

    assertThat(outcome.objections()).containsExactly("missing: 13 coins");
    assertThat(outcome.attempts()).isEqualTo(2);
  }

  @Test
  void rejectsWhatTheThoughtDoesNotSay() {
    says(request -> "13 coins and 99 pens are left.");

    var outcome = (Compression.Rejected) compress(STEPS, "There are 13 coins left.");

    assertThat(outcome.objections()).containsExactly("not in the notes: 99 pens");
  }

  @Test
  void rejectsAConclusionThatCannotBeRead() {
    engine.writes(request -> "I look.\n</think>\n\nI do not know.");

    assertThat(compress(STEPS, "There are 13 coins left."))
        .isInstanceOf(Compression.Rejected.class);
  }

  @Test
  void closesAModelThatThinksTooLong() {
    engine.writes(request -> "I look again.\n".repeat(400) + "</think>\n\nKey: 13 coins.");

    assertThat(compress(STEPS, "There are 13 coins left."))
        .isInstanceOf(Compression.Accepted.class);
  }

  @Test
  void answersTheSameRequestFromItsCache() {
    says(request -> "13 coins are left.");
    Compression first = compress(STEPS, "There are 13 coins left.");
    int asked = engine.opens();

    Compression second = compress(STEPS, "There are 13 coins left.");

    assertThat(second).isEqualTo(first);
    assertThat(engine.opens()).isEqualTo(asked);
    assertThat(meter("ponder.memory.cache.hits")).isEqualTo(1);
    compress(STEPS, "There are 14 coins left.");
    assertThat(engine.opens()).isGreaterThan(asked);
  }

  @Test
  void comesBackToWhatAnEngineThatIsAwayCouldNotDo() {
    says(request -> "13 coins are left.");
    engine.isUnavailableFor(1);

    assertThat(compress(STEPS, "There are 13 coins left."))
        .isInstanceOf(Compression.Postponed.class);
    assertThat(compress(STEPS, "There are 13 coins left."))
        .isInstanceOf(Compression.Accepted.class);
  }

  @Test
  void endsWithItsDeadline() {
    engine.hangsIn(1);

    var outcome =
        compress(
            STEPS,
            "There are 13 coins left.",
            Deadline.in(Duration.ofMillis(200), InstantSource.system()));

    assertThat(outcome).isInstanceOf(Compression.Postponed.class);
  }

  @Test
  void leavesAShortTextAlone() {
    assertThat(compress("It is 13.", "13")).isInstanceOf(Compression.Unneeded.class);
    assertThat(engine.opens()).isZero();
  }

  @Test
  void leavesATextAloneWhoseSummaryIsNoShorter() {
    says(request -> STEPS.replace("\n", " ") + STEPS.replace("\n", " ") + "13 coins.");

    assertThat(compress(STEPS, "There are 13 coins left."))
        .isInstanceOf(Compression.Unneeded.class);
  }

  @Test
  void aPipelineWithoutTheSectionCompressesNothing() throws Exception {
    String mini = Files.readString(Path.of("stage-configs/mini.yaml"));
    pipeline = pipelines.parse("old", mini.substring(0, mini.indexOf("\ncompression:")));

    assertThat(compress(STEPS, "There are 13 coins left."))
        .isInstanceOf(Compression.Unneeded.class);
  }

  @Test
  void aTextLongerThanTheContextGoesPieceByPiece() {
    engine.can(LongThought.context(400));
    says(
        request ->
            request.conversation().user().contains("Step 80 ") ? "13 coins are left." : "coins.");
    String text =
        IntStream.rangeClosed(1, 80)
            .mapToObj(i -> "Step %d looks at the coins again.\n".formatted(i))
            .collect(Collectors.joining());

    var outcome = (Compression.Accepted) compress(text, "There are 13 coins left.");

    assertThat(outcome.insights()).startsWith("Key: coins.\n").endsWith("Key: 13 coins are left.");
    List<GenerationRequest> asked = engine.requests();
    assertThat(asked.size()).isGreaterThan(3);
    assertThat(asked)
        .allSatisfy(
            request ->
                assertThat(engine.countTokens(request.conversation().user()))
                    .isLessThanOrEqualTo(230));
  }

  private double meter(String name) {
    return meters.get(name).counter().count();
  }
}
