package dev.ponder.compression;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.text.ThinkParser;
import dev.ponder.memory.Compressor.Material;
import dev.ponder.stage.CompressionConfig;
import dev.ponder.stage.CompressionTemplate;
import dev.ponder.stage.Pipeline;
import dev.ponder.time.Deadline;
import dev.ponder.time.WorkScope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Has a model write summaries. Nothing of them is durable while they are written: one that is
/// interrupted is begun anew.
final class Summaries {

  /// One for its thinking, one for its conclusion.
  private static final int MOST_REQUESTS = 2;

  private final Engine engine;
  private final Pipeline pipeline;
  private final CompressionConfig config;
  private final Deadline deadline;
  private final WorkScope scope;
  private final MemoryMeters meters;

  /// @param scope in which its streams are read
  Summaries(Engine engine, Material material, WorkScope scope, MemoryMeters meters) {
    this.engine = engine;
    this.pipeline = material.pipeline();
    this.config = pipeline.compression();
    this.deadline = material.deadline();
    this.scope = scope.until(deadline.at());
    this.meters = meters;
  }

  /// A summary, or nothing if the model came to none.
  ///
  /// @param missing what an earlier one lacked, or null
  /// @throws dev.ponder.engine.EngineException if the engine cannot
  Optional<String> of(String text, @Nullable String conclusion, @Nullable String missing) {
    var prompt = config.template().render(new CompressionTemplate.Facts(text, conclusion, missing));
    var conversation = new Conversation(prompt.system(), prompt.user());
    String key = TokenCounts.digest(prompt.user() + "\u0000" + missing);
    // By what is asked, so that the same request gets the same summary, and a second try another.
    long seed = Long.parseUnsignedLong(key.substring(0, 8), 16) >>> 1;
    var written = new StringBuilder();
    var parser = new ThinkParser();
    int left = config.maxTokens() - config.conclusionTokens();
    for (int request = 0; request < MOST_REQUESTS; request++) {
      boolean concluding = parser.thinkingClosed();
      var stream =
          engine.open(
              new GenerationRequest(
                  conversation,
                  Written.text(written.toString()),
                  sampling(),
                  seed,
                  Math.max(1, left),
                  deadline,
                  "memory/" + key.substring(0, 16)));
      StopReason reason = read(stream, written, parser);
      if (reason == StopReason.CANCELLED) {
        throw new EngineException.Unavailable(
            "A summary was stopped: its time was up, or that of the job.", null);
      }
      if (reason == StopReason.CONTEXT_FULL) {
        return Optional.empty();
      }
      if (concluding || (parser.thinkingClosed() && reason == StopReason.END_OF_TURN)) {
        break;
      }
      if (!parser.thinkingClosed()) {
        close(written, parser);
      }
      left = config.conclusionTokens();
    }
    parser.finish();
    return config.read(parser.conclusion());
  }

  private StopReason read(TokenStream stream, StringBuilder written, ThinkParser parser) {
    try (stream;
        var held = scope.hold(stream)) {
      Piece piece;
      while ((piece = stream.next()) != null) {
        written.append(piece.text());
        parser.accept(piece.text());
      }
      meters.generated(stream.completion().usage());
      return stream.completion().reason();
    }
  }

  private void close(StringBuilder written, ThinkParser parser) {
    String line = written.isEmpty() || written.charAt(written.length() - 1) == '\n' ? "" : "\n";
    String ending = line + pipeline.closing() + "\n</think>\n\n";
    written.append(ending);
    parser.accept(ending);
  }

  private Sampling sampling() {
    var settings = pipeline.sampling();
    return new Sampling(
        config.temperature(),
        settings.topP(),
        settings.topK(),
        settings.minP(),
        settings.presencePenalty(),
        settings.repeatPenalty());
  }
}
