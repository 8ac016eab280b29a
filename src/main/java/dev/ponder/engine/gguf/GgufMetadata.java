package dev.ponder.engine.gguf;

import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The entries of a GGUF header, and whether they fit together. llama.cpp allocates by some of
/// them, takes others as indices without a look, and ends its process where a few do not fit.
final class GgufMetadata {

  private static final String ALIGNMENT = "general.alignment";
  private static final int ALIGNMENT_USUAL = 32;
  private static final int ALIGNMENT_LEAST = 8;
  private static final int ALIGNMENT_MAX = 1 << 20;

  private static final int BLOCKS_MAX = 1024;
  private static final int WIDTH_MAX = 1 << 20;
  private static final int HEADS_MAX = 1 << 16;
  private static final int EXPERTS_MAX = 1 << 12;
  private static final int VOCABULARY_MAX = 1 << 24;
  private static final int PARTS_MAX = 1000;

  private final Map<String, GgufValue> values;
  private final String architecture;

  GgufMetadata(Map<String, GgufValue> values) {
    this.values = values;
    this.architecture = text("general.architecture").orElse("");
  }

  /// @throws GgufReader.Damaged with the first thing that cannot be
  void check() {
    if (!architecture.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}")) {
      throw new GgufReader.Damaged("it names no architecture");
    }
    checkAlignment();
    // llama.cpp reads these without a look at their type, and ends its process at another one.
    for (String key : List.of(ALIGNMENT, "general.file_type", "general.quantization_version")) {
      GgufValue stated = values.get(key);
      if (stated != null && stated.type() != GgufValue.UINT32) {
        throw new GgufReader.Damaged(
            "its %s has the type %d and not %d".formatted(key, stated.type(), GgufValue.UINT32));
      }
    }
    require("split.count", 0, PARTS_MAX);
    require("split.no", 0, PARTS_MAX - 1);
    require(own("context_length"), 1, Integer.MAX_VALUE);
    require(own("block_count"), 1, BLOCKS_MAX);
    require(own("embedding_length"), 1, WIDTH_MAX);
    require(own("vocab_size"), 1, VOCABULARY_MAX);
    checkHeads();
    checkExperts();
    checkFractions();
    checkTokenizer();
  }

  private void checkAlignment() {
    require(ALIGNMENT, ALIGNMENT_LEAST, ALIGNMENT_MAX);
    if (Long.bitCount(alignment()) != 1) {
      throw new GgufReader.Damaged(
          "its alignment is %,d and has to be a power of two".formatted(alignment()));
    }
  }

  /// Heads are divided among key/value heads, in each layer.
  private void checkHeads() {
    String headsKey = own("attention.head_count");
    String keyValueKey = own("attention.head_count_kv");
    require(headsKey, 0, HEADS_MAX);
    require(keyValueKey, 0, HEADS_MAX);
    long[] heads = perLayer(headsKey);
    long[] keyValue = perLayer(keyValueKey);
    for (int layer = 0; layer < Math.max(heads.length, keyValue.length); layer++) {
      long all = heads.length == 0 ? 0 : heads[Math.min(layer, heads.length - 1)];
      long groups = keyValue.length == 0 ? 0 : keyValue[Math.min(layer, keyValue.length - 1)];
      if (groups > 0 && all > 0 && all % groups != 0) {
        throw new GgufReader.Damaged(
            "its %d heads cannot be divided among %d key/value heads".formatted(all, groups));
      }
    }
    require(own("attention.key_length"), 1, HEADS_MAX);
    require(own("attention.value_length"), 1, HEADS_MAX);
    String rotatedKey = own("rope.dimension_count");
    require(rotatedKey, 0, HEADS_MAX);
    if (number(rotatedKey, 0) % 2 != 0) {
      throw new GgufReader.Damaged("it turns an odd number of dimensions (" + rotatedKey + ")");
    }
    require(own("wkv.head_size"), 1, WIDTH_MAX);
  }

  private long[] perLayer(String key) {
    GgufValue.Items items = items(key);
    long blocks = number(own("block_count"), 0);
    if (items != null && (items.wholes().length != items.count() || items.count() < blocks)) {
      throw new GgufReader.Damaged(
          "its %s has %,d numbers for %d layers".formatted(key, items.count(), blocks));
    }
    return items != null ? items.wholes() : has(key) ? new long[] {number(key, 0)} : new long[0];
  }

  private void checkExperts() {
    require(own("expert_count"), 0, EXPERTS_MAX);
    require(own("expert_used_count"), 0, EXPERTS_MAX);
    long experts = number(own("expert_count"), 0);
    long used = number(own("expert_used_count"), 0);
    if (used > experts || experts > 0 && used == 0) {
      throw new GgufReader.Damaged("it uses %d of %d experts".formatted(used, experts));
    }
  }

  private void checkFractions() {
    for (Entry<String, GgufValue> entry : values.entrySet()) {
      if (entry.getKey().startsWith(architecture + ".")
          && entry.getValue().value() instanceof Double fraction
          && !Double.isFinite(fraction)) {
        throw new GgufReader.Damaged("its %s is %s".formatted(entry.getKey(), fraction));
      }
    }
    for (String key : List.of("layer_norm_rms_epsilon", "layer_norm_epsilon")) {
      GgufValue stated = values.get(own("attention." + key));
      if (stated != null && !(stated.value() instanceof Double small && small >= 0 && small <= 1)) {
        throw new GgufReader.Damaged("its %s is not between 0 and 1".formatted(key));
      }
    }
  }

  private void checkTokenizer() {
    GgufValue.Items tokens = list("tokenizer.ggml.tokens", List.of(GgufValue.TEXT), -1);
    long count = tokens == null ? 0 : tokens.count();
    if (tokens != null && count == 0) {
      throw new GgufReader.Damaged("it holds no tokens");
    }
    list("tokenizer.ggml.scores", List.of(GgufValue.FLOAT32), count);
    list("tokenizer.ggml.token_type", List.of(GgufValue.INT32, GgufValue.UINT32), count);
    list("tokenizer.ggml.merges", List.of(GgufValue.TEXT), -1);
    list("tokenizer.ggml.precompiled_charsmap", List.of(0, 1), -1);
    for (String key : values.keySet()) {
      // Some files have none to pad with and say -1, which llama.cpp passes over.
      if (key.startsWith("tokenizer.ggml.")
          && key.endsWith("_token_id")
          && !key.contains("padding")
          && tokens != null) {
        require(key, 0, count - 1);
      }
    }
  }

  /// @param count elements that it has to have, or -1
  private GgufValue.@Nullable Items list(String key, List<Integer> types, long count) {
    GgufValue stated = values.get(key);
    if (stated == null) {
      return null;
    }
    if (!(stated.value() instanceof GgufValue.Items items) || !types.contains(items.type())) {
      throw new GgufReader.Damaged("its %s is not a list of type %s".formatted(key, types));
    }
    if (count >= 0 && items.count() != count) {
      throw new GgufReader.Damaged(
          "its %s has %,d elements for %,d tokens".formatted(key, items.count(), count));
    }
    return items;
  }

  /// A whole number within limits, or a list of such, if it is there.
  private void require(String key, long from, long to) {
    GgufValue stated = values.get(key);
    if (stated == null) {
      return;
    }
    long[] wholes =
        switch (stated.value()) {
          case Long number -> new long[] {number};
          case GgufValue.Items items when GgufValue.whole(items.type()) -> items.wholes();
          case null, default ->
              throw new GgufReader.Damaged("its %s is not a whole number".formatted(key));
        };
    for (long whole : wholes) {
      if (whole < from || whole > to) {
        throw new GgufReader.Damaged(
            "its %s is %s and has to be between %d and %d"
                .formatted(key, Long.toUnsignedString(whole), from, to));
      }
    }
  }

  private String own(String key) {
    return architecture + "." + key;
  }

  private boolean has(String key) {
    return values.containsKey(key);
  }

  /// The family of the model.
  String architecture() {
    return architecture;
  }

  long alignment() {
    return number(ALIGNMENT, ALIGNMENT_USUAL);
  }

  /// Files that the model is spread over; 1 if it is whole.
  int parts() {
    return (int) Math.max(1, number("split.count", 1));
  }

  Optional<String> text(String key) {
    GgufValue stated = values.get(key);
    return stated != null && stated.value() instanceof String text
        ? Optional.of(text)
        : Optional.empty();
  }

  boolean flag(String key) {
    GgufValue stated = values.get(key);
    return stated != null && stated.value() instanceof Boolean flag && flag;
  }

  /// A whole number, or the first one of a list of them.
  long number(String key, long otherwise) {
    GgufValue stated = values.get(key);
    return stated == null
        ? otherwise
        : stated.value() instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE
            ? number
            : stated.value() instanceof GgufValue.Items items && items.wholes().length > 0
                ? items.wholes()[0]
                : otherwise;
  }

  GgufValue.@Nullable Items items(String key) {
    GgufValue stated = values.get(key);
    return stated != null && stated.value() instanceof GgufValue.Items items ? items : null;
  }

  /// The elements of a short list of whole numbers; none if it is something else.
  long[] wholes(String key) {
    GgufValue.Items items = items(key);
    return items == null ? new long[0] : items.wholes();
  }
}
