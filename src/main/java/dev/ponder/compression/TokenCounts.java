package dev.ponder.compression;

import dev.ponder.engine.Engine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.stereotype.Component;

/// Counts tokens by the model's own tokenizer. A count is a call to the engine's process, so those
/// of the last texts are remembered.
@Component
public class TokenCounts {

  private record Counted(String model, int length, String digest) {}

  private final LruCache<Counted, Integer> counts;

  public TokenCounts(CompressionSettings settings) {
    this.counts = new LruCache<>(settings.countsMax());
  }

  /// @throws dev.ponder.engine.EngineException if the engine cannot be asked
  public int of(Engine engine, String text) {
    if (text.isEmpty()) {
      return 0;
    }
    var key = new Counted(engine.model(), text.length(), digest(text));
    return counts
        .find(key)
        .orElseGet(
            () -> {
              int count = engine.countTokens(text);
              counts.keep(key, count);
              return count;
            });
  }

  /// The most tokens a text can have: a token is at least one byte of it. Costs no call.
  public static int atMost(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// SHA-256 in hex.
  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
