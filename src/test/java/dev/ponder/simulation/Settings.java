package dev.ponder.simulation;

import dev.ponder.job.JobSettings;
import dev.ponder.job.LeaseSettings;
import dev.ponder.journal.JournalSettings;
import dev.ponder.model.Models;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.PipelineSettings;
import dev.ponder.stage.Pipelines;
import dev.ponder.stage.YamlPipelines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The settings of a simulated service: the real ones scaled down, so that a job takes seconds of
/// virtual time and few tokens.
final class Settings {

  static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  static final String CLOSING = "The budget is used up, I answer now.";

  private static final OnePipeline PIPELINES = pipelines();

  private Settings() {}

  static LeaseSettings leases() {
    return new LeaseSettings(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(1));
  }

  static JournalSettings journal(Odds odds) {
    int chunk = odds.between(2, 12);
    return new JournalSettings(
        chunk,
        Duration.ofMillis(odds.between(50, 1000)),
        odds.between(50, 400),
        odds.between(chunk, 64),
        Duration.ofMillis(odds.between(50, 1500)),
        Duration.ofSeconds(odds.between(5, 60)));
  }

  static JobSettings jobs(Odds odds) {
    return new JobSettings(100, odds.between(1, 3), 1000, 100, 7);
  }

  static Pipelines onePipeline() {
    return PIPELINES;
  }

  private static OnePipeline pipelines() {
    try {
      Path folder = Path.of("stage-configs");
      String source =
          Files.readString(folder.resolve("mini.yaml"))
              .replaceAll("maxTokens: \\d+", "maxTokens: 48")
              .replaceAll("conclusionTokens: \\d+", "conclusionTokens: 16")
              .replaceAll("maxThinkingTokens: \\d+", "maxThinkingTokens: 32");
      var real = new YamlPipelines(new PipelineSettings(folder.toString()));
      return new OnePipeline(real, real.parse("mini", source));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record OnePipeline(Pipelines real, Pipeline pipeline) implements Pipelines {
    @Override
    public Optional<Pipeline> find(String name) {
      return Optional.of(pipeline);
    }

    @Override
    public List<Pipeline> all() {
      return List.of(pipeline);
    }

    @Override
    public Pipeline parse(String name, String source) {
      return source.equals(pipeline.source()) ? pipeline : real.parse(name, source);
    }
  }

  record OneModel(SimulatedEngine engine) implements Models {
    @Override
    public List<String> names() {
      return List.of(engine.model());
    }

    @Override
    public String defaultModel() {
      return engine.model();
    }

    @Override
    public String pipeline(String model) {
      return "mini";
    }

    @Override
    public SimulatedEngine engine(String model) {
      return engine;
    }
  }
}
