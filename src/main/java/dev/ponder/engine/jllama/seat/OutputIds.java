package dev.ponder.engine.jllama.seat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Finds the token ids of what the engine wrote, which it never says itself, so that a seat knows
/// what its caches hold. Each output is the text of one token, and most texts belong to one id.
/// Made for small vocabularies, whose models are so fast that tokenizing the answer again would be
/// felt; for large ones the answer is tokenized.
final class OutputIds {
  private static final int VOCABULARY_MAX = 32_768;

  private final Map<String, Integer> byText = new HashMap<>();

  OutputIds(int vocabulary, Function<int[], String> decode) {
    if (vocabulary > VOCABULARY_MAX) {
      return;
    }
    for (int id = 0; id < vocabulary; id++) {
      String text = decode.apply(new int[] {id});
      // Part of a character comes out as a replacement sign.
      if (!text.isEmpty() && text.indexOf('\uFFFD') < 0) {
        byText.putIfAbsent(text, id);
      }
    }
  }

  /// The ids of these outputs in order, up to the first one whose id is not known.
  int[] of(List<String> outputs) {
    int[] ids = new int[outputs.size()];
    int known = 0;
    for (String output : outputs) {
      Integer id = byText.get(output);
      if (id == null) {
        break;
      }
      ids[known++] = id;
    }
    return Arrays.copyOf(ids, known);
  }

  boolean usable() {
    return !byText.isEmpty();
  }
}
