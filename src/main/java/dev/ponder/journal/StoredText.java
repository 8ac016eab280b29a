package dev.ponder.journal;

import dev.ponder.memory.Thought;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// How the text of a finished thought lies in its row: as it is, or packed with its conclusion
/// beside it.
public record StoredText(
    @Nullable String text, byte @Nullable [] packed, @Nullable String conclusion) {

  /// Columns of bytes hold a million on every database.
  public static final int PACKED_MAX = 1_000_000;

  /// @param packFrom characters from which a text is packed
  public static StoredText of(Thought thought, int packFrom) {
    return of(thought.text(), thought.conclusion(), packFrom);
  }

  public static StoredText of(String text, @Nullable String conclusion, int packFrom) {
    if (text.length() >= packFrom) {
      byte[] packed = PackedText.pack(text);
      if (packed.length <= PACKED_MAX) {
        return new StoredText(null, packed, conclusion);
      }
    }
    return new StoredText(text, null, null);
  }

  public long bytes() {
    return bytes(text) + (packed == null ? 0 : packed.length) + bytes(conclusion);
  }

  public static long bytes(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }
}
