package dev.ponder.thinking.thought;

import dev.ponder.compression.CompressionSettings;
import dev.ponder.compression.EngineCompressor;
import dev.ponder.compression.MemoryMeters;
import dev.ponder.compression.TokenCounts;
import dev.ponder.engine.Engine;
import dev.ponder.journal.Draft;
import dev.ponder.memory.Compression;
import dev.ponder.memory.Compressor.Material;
import dev.ponder.memory.Tiers;
import dev.ponder.time.WorkScope;
import org.springframework.stereotype.Component;

/// What a running thought needs to remember itself: a compressor, a tokenizer's counts, and the
/// limits of the tiers.
@Component
public class ThoughtMemory {

  private final EngineCompressor compressor;
  private final TokenCounts counts;
  private final Tiers tiers;
  private final CompressionSettings settings;
  private final MemoryMeters meters;

  public ThoughtMemory(
      EngineCompressor compressor,
      TokenCounts counts,
      Tiers tiers,
      CompressionSettings settings,
      MemoryMeters meters) {
    this.compressor = compressor;
    this.counts = counts;
    this.tiers = tiers;
    this.settings = settings;
    this.meters = meters;
  }

  /// The folds of one thought.
  Folds folds(Assignment assignment, Draft draft, int closingWindow) {
    return new Folds(this, assignment, draft, closingWindow);
  }

  public int count(Engine engine, String text) {
    return counts.of(engine, text);
  }

  public Tiers tiers() {
    return tiers;
  }

  int leastTokens() {
    return settings.leastTokens();
  }

  double at() {
    return settings.at();
  }

  MemoryMeters meters() {
    return meters;
  }

  /// Compresses a finished thought.
  public Compression compress(Material material, WorkScope scope) {
    return compressor.compress(material, scope);
  }

  /// Compresses a part of a running thought.
  ///
  /// @param model that writes the thought now
  /// @param insights whether it consists of insights, all of which have to survive
  public Compression compress(
      String model, Assignment of, String part, boolean insights, WorkScope scope) {
    var material =
        new Material(
            model, of.pipeline(), part, null, new dev.ponder.time.Deadline(of.ruling().closeBy()));
    return insights
        ? compressor.compressInsights(material, scope)
        : compressor.compress(material, scope);
  }

  /// What the journal says of a compression.
  public static String told(Compression outcome) {
    return switch (outcome) {
      case Compression.Accepted accepted ->
          "%d tokens became %d (attempt %d)"
              .formatted(accepted.tokensBefore(), accepted.tokensAfter(), accepted.attempts());
      case Compression.Rejected rejected ->
          "%d tokens stay: the summary was rejected %s. %s"
              .formatted(
                  rejected.tokensBefore(),
                  rejected.attempts() == 1 ? "once" : rejected.attempts() + " times",
                  String.join("; ", rejected.objections()));
      case Compression.Unneeded unneeded -> "It stays: " + unneeded.because();
      case Compression.Postponed postponed -> "It stays for now: " + postponed.because();
    };
  }
}
