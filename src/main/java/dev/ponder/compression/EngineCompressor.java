package dev.ponder.compression;

import dev.ponder.compression.check.FactCheck;
import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.memory.Compression;
import dev.ponder.memory.Compressor;
import dev.ponder.model.Models;
import dev.ponder.stage.CompressionConfig;
import dev.ponder.time.Threads;
import dev.ponder.time.TimeIsUp;
import dev.ponder.time.WorkScope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Compresses thoughts with the models that think them, checks each summary, tries once more with
/// what was missing, and remembers the last outcomes.
@Component
public class EngineCompressor implements Compressor {

  private static final Logger log = LoggerFactory.getLogger(EngineCompressor.class);

  private static final int MOST_ATTEMPTS = 2;

  /// How long the checks of a summary may take once the model has no more time.
  private static final Duration CHECKING = Duration.ofSeconds(10);

  /// Of the context for the text of one piece; the rest is for the prompt around it and for what
  /// the model writes.
  private static final double PIECE = 0.5;

  private final Models models;
  private final TokenCounts counts;
  private final CompressionSettings settings;
  private final MemoryMeters meters;
  private final WorkScope ownTime;
  private final LruCache<String, Compression> remembered;

  public EngineCompressor(
      Models models,
      TokenCounts counts,
      CompressionSettings settings,
      MemoryMeters meters,
      Threads threads,
      InstantSource time) {
    this.ownTime = WorkScope.endless(threads, time);
    this.models = models;
    this.counts = counts;
    this.settings = settings;
    this.meters = meters;
    this.remembered = new LruCache<>(settings.cacheMax());
  }

  @Override
  public Compression compress(Material material) {
    return inItsTime(material, models);
  }

  /// The same with models that somebody has a say in; what is remembered is remembered for all.
  public Compressor with(Models others) {
    return material -> inItsTime(material, others);
  }

  /// For those who have no scope of their own. Streams end at the deadline; what has not ended long
  /// after it does not wait for a model.
  private Compression inItsTime(Material material, Models from) {
    try {
      return ownTime
          .until(material.deadline().at().plus(CHECKING))
          .call("it was compressed", () -> compress(material, ownTime, from));
    } catch (TimeIsUp never) {
      return new Compression.Unneeded(never.getMessage());
    }
  }

  /// @param scope in which this is called, and its streams are read
  public Compression compress(Material material, WorkScope scope) {
    return compress(material, scope, models);
  }

  private Compression compress(Material material, WorkScope scope, Models from) {
    if (material.pipeline().compression() == null) {
      return new Compression.Unneeded(
          "The pipeline '%s' has no section for compression."
              .formatted(material.pipeline().name()));
    }
    String key = key(material);
    Optional<Compression> known = remembered.find(key);
    if (known.isPresent()) {
      meters.answeredFromCache();
      return known.get();
    }
    Compression outcome = asked(material, scope, from);
    meters.compressed(outcome);
    if (!(outcome instanceof Compression.Postponed)) {
      remembered.keep(key, outcome);
    }
    return outcome;
  }

  /// Compresses insights of earlier compressions, which say nothing that may be lost.
  public Compression compressInsights(Material material, WorkScope scope) {
    return compress(
        new Material(
            material.model(),
            material.pipeline(),
            material.text(),
            material.text(),
            material.deadline()),
        scope);
  }

  private static String key(Material material) {
    return TokenCounts.digest(
        String.join(
            "\u0000",
            material.model(),
            material.pipeline().hash(),
            material.text(),
            material.conclusion() == null ? "\u0000" : material.conclusion()));
  }

  private Compression asked(Material material, WorkScope scope, Models from) {
    try {
      Engine engine = from.engine(material.model());
      return compressed(engine, material, scope);
    } catch (EngineException.Unavailable away) {
      return new Compression.Postponed(away.getMessage());
    } catch (EngineException never) {
      log.debug("A thought stays as it is: {}", never.getMessage());
      return new Compression.Unneeded(never.getMessage());
    }
  }

  /// How many tokens of a thought go into one compression.
  public static int pieceTokens(Capabilities can) {
    return Math.max(16, (int) (PIECE * can.contextTokens()));
  }

  private Compression compressed(Engine engine, Material material, WorkScope scope) {
    String conclusion = material.conclusion();
    int before =
        counts.of(engine, material.text())
            + (conclusion == null ? 0 : counts.of(engine, conclusion));
    if (before < settings.leastTokens()) {
      return new Compression.Unneeded(
          "It has %d tokens, and from %d a text is compressed (ponder.memory.compression.least-tokens)."
              .formatted(before, settings.leastTokens()));
    }
    CompressionConfig config = material.pipeline().compression();
    var summaries = new Summaries(engine, material, scope, meters);
    List<String> pieces =
        Pieces.of(
            material.text(), pieceTokens(engine.capabilities()), text -> counts.of(engine, text));
    List<String> insights = new ArrayList<>();
    int attempts = 1;
    for (int i = 0; i < pieces.size(); i++) {
      String piece = pieces.get(i);
      boolean last = i == pieces.size() - 1;
      var attempt =
          last && conclusion != null
              ? attempt(
                  summaries, piece, conclusion, FactCheck.finished(material.text(), conclusion))
              : attempt(summaries, piece, null, check(config, piece, conclusion));
      attempts = Math.max(attempts, attempt.attempts());
      if (attempt.insights() == null) {
        return new Compression.Rejected(attempt.objections(), before, attempts);
      }
      insights.add(attempt.insights());
    }
    String all = String.join("\n", insights);
    int after = counts.of(engine, all);
    return after < before
        ? new Compression.Accepted(all, before, after, attempts)
        : new Compression.Unneeded(
            "Its summary is no shorter: %d tokens instead of %d.".formatted(after, before));
  }

  /// Of a finished thought only the conclusion has to survive, which comes with its last piece.
  private static FactCheck check(
      CompressionConfig config, String piece, @Nullable String conclusion) {
    return conclusion == null
        ? FactCheck.unfinished(piece, config.statements(piece))
        : FactCheck.nothingMadeUp(piece);
  }

  private record Attempt(@Nullable String insights, List<String> objections, int attempts) {}

  private static Attempt attempt(
      Summaries summaries, String text, @Nullable String conclusion, FactCheck check) {
    List<String> objections = List.of();
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      String missing = objections.isEmpty() ? null : String.join("\n", objections);
      Optional<String> summary = summaries.of(text, conclusion, missing);
      if (summary.isEmpty()) {
        objections = List.of("missing: any summary that could be read");
        continue;
      }
      FactCheck.Findings findings = check.check(summary.get());
      if (findings.passed()) {
        return new Attempt(summary.get(), List.of(), attempt);
      }
      objections = findings.objections();
    }
    return new Attempt(null, objections, MOST_ATTEMPTS);
  }
}
