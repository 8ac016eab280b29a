package dev.ponder.model;

import dev.ponder.engine.gguf.GgufHeader;
import java.util.Locale;
import java.util.Map;

/// Bytes that a model takes once it is loaded.
///
/// - Weights: the size of the file; they are used as they are stored.
/// - KV cache: tokens × key/value heads of all layers × (key length + value length) × bytes of an
///   element. So llama.cpp allocates it (`llama_kv_cache`: per layer one tensor of `n_embd_k_gqa`
///   and one of `n_embd_v_gqa` elements for each cell; `llama_hparams`: these are
///   `n_head_kv × n_embd_head_k` and `× n_embd_head_v`). Block types add their scales: 34 bytes for
///   32 elements in q8_0. A sliding window needs less, so this is the most it can be.
/// - Work space: the results of one step, which llama.cpp reserves for `n_ubatch` tokens of the
///   whole vocabulary in 32 bits, plus, without flash attention, the matrix of scores: heads ×
///   step × context; plus what any process takes.
///
/// @param tokens of context that all sequences hold together
/// @param kvType how keys and values are stored
record MemoryEstimate(long weights, long kvCache, long workSpace, long tokens, String kvType) {

  /// llama.cpp evaluates at most so many tokens in one go, unless it is told otherwise (`-ub`).
  private static final int STEP_MAX = 512;

  private static final long PROCESS = 64L << 20;

  private static final Map<String, Double> BYTES =
      Map.of(
          "f32", 4.0,
          "f16", 2.0,
          "bf16", 2.0,
          "q8_0", 34.0 / 32,
          "q5_1", 24.0 / 32,
          "q5_0", 22.0 / 32,
          "q4_1", 20.0 / 32,
          "q4_0", 18.0 / 32);

  /// @param fileBytes size of the file
  /// @param batch tokens of one step
  static MemoryEstimate of(
      GgufHeader header,
      long fileBytes,
      long tokens,
      int batch,
      String kvType,
      boolean flashAttention) {
    long step = Math.min(batch, STEP_MAX);
    long scores = flashAttention ? 0 : 4L * header.heads() * step * tokens;
    long work = PROCESS + 4L * step * (header.vocabulary() + header.embedding()) + scores;
    return new MemoryEstimate(
        fileBytes, Math.round(tokens * kvBytesPerToken(header, kvType)), work, tokens, kvType);
  }

  static double kvBytesPerToken(GgufHeader header, String kvType) {
    return (double) header.keyValueHeadsOfAllLayers()
        * (header.keyLength() + header.valueLength())
        * BYTES.getOrDefault(kvType, 2.0);
  }

  long total() {
    return weights + kvCache + workSpace;
  }

  /// Tokens of context that fit if the whole has so many bytes; 0 if not even the weights do.
  long tokensWithin(long bytes) {
    double perToken = tokens == 0 ? 0 : (double) kvCache / tokens;
    long left = bytes - weights - workSpace;
    return left <= 0 || perToken == 0 ? 0 : (long) (left / perToken);
  }

  String words() {
    return "%s (weights %s, KV cache %s for %,d tokens in %s, work space %s)"
        .formatted(
            gigabytes(total()),
            gigabytes(weights),
            gigabytes(kvCache),
            tokens,
            kvType,
            gigabytes(workSpace));
  }

  static String gigabytes(long bytes) {
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
