package dev.ponder.engine.gguf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tokens of a GGUF file, read once and mostly forgotten: what stays are their number and the
/// texts of the few that Ponder has to know.
final class GgufVocabulary {

  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final int NORMAL = 1;

  /// A quarter of a million is the most that any model has.
  private static final int TOKENS_MAX = 1 << 20;

  private static final int TOKEN_MAX = 1 << 16;
  private static final int SPECIAL_MAX = 1 << 16;

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final int size;
  private final List<String> special;
  private final @Nullable String bos;
  private final @Nullable String eos;

  private GgufVocabulary(
      int size, List<String> special, @Nullable String bos, @Nullable String eos) {
    this.size = size;
    this.special = special;
    this.bos = bos;
    this.eos = eos;
  }

  /// Reads the tokens again, now that their types and the ids of the special ones are known. Two
  /// tokens of one text end the process of llama.cpp, so they are looked for here.
  static GgufVocabulary read(GgufReader in, GgufMetadata metadata) throws IOException {
    GgufValue.Items tokens = metadata.items(TOKENS);
    if (tokens == null) {
      return new GgufVocabulary(0, List.of(), null, null);
    }
    if (tokens.count() > TOKENS_MAX) {
      throw new GgufReader.Damaged(
          "it claims %,d tokens and may have %,d".formatted(tokens.count(), TOKENS_MAX));
    }
    int count = (int) tokens.count();
    byte[] types = types(in, metadata.items("tokenizer.ggml.token_type"), count);
    long bos = metadata.number("tokenizer.ggml.bos_token_id", -1);
    long eos = metadata.number("tokenizer.ggml.eos_token_id", -1);
    long[] hashes = new long[count];
    byte[] bytes = new byte[TOKEN_MAX];
    List<String> special = new ArrayList<>();
    String bosText = null;
    String eosText = null;
    in.goTo(tokens.at());
    for (int id = 0; id < count; id++) {
      int length = in.length("token", 0, TOKEN_MAX);
      in.take(bytes, length);
      hashes[id] = hash(bytes, length, id);
      bosText = id == bos ? text(bytes, length) : bosText;
      eosText = id == eos ? text(bytes, length) : eosText;
      // User-defined tokens can be plain words or blanks; only tags are special in a text.
      if (types[id] != NORMAL && isTag(bytes, length)) {
        special.add(text(bytes, length));
      }
    }
    if (special.size() > SPECIAL_MAX) {
      throw new GgufReader.Damaged(
          "%,d of its tokens are tags and %,d may be".formatted(special.size(), SPECIAL_MAX));
    }
    Arrays.sort(hashes);
    for (int i = 1; i < count; i++) {
      if (hashes[i] == hashes[i - 1]) {
        throw new GgufReader.Damaged("two of its tokens have one text");
      }
    }
    return new GgufVocabulary(count, List.copyOf(special), bosText, eosText);
  }

  /// A type in a byte for each token; all are normal where the file does not say.
  private static byte[] types(GgufReader in, GgufValue.@Nullable Items types, int count)
      throws IOException {
    byte[] all = new byte[count];
    Arrays.fill(all, (byte) NORMAL);
    if (types != null) {
      in.goTo(types.at());
      for (int id = 0; id < count; id++) {
        long type = in.whole(types.type());
        all[id] = (byte) (type >= 0 && type < Byte.MAX_VALUE ? type : 0);
      }
    }
    return all;
  }

  /// FNV-1a of 64 bits: among a million honest tokens two of one hash come up once in thirty
  /// million files, and whoever makes a collision has only his own file refused.
  private static long hash(byte[] bytes, int length, int id) {
    // llama.cpp calls an empty token so.
    byte[] named = length > 0 ? bytes : "[EMPTY_%d]".formatted(id).getBytes(StandardCharsets.UTF_8);
    int end = length > 0 ? length : named.length;
    long hash = FNV_BASIS;
    for (int i = 0; i < end; i++) {
      hash = (hash ^ named[i] & 0xFF) * FNV_PRIME;
    }
    return hash;
  }

  private static String text(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /// Byte tokens such as `<0x0A>` are how a tokenizer writes bytes, not tags of a template.
  private static boolean isTag(byte[] bytes, int length) {
    return length > 2
        && bytes[0] == '<'
        && bytes[length - 1] == '>'
        && !(bytes[1] == '0' && bytes[2] == 'x');
  }

  int size() {
    return size;
  }

  /// The texts that the tokenizer turns into one control or tag token.
  List<String> special() {
    return special;
  }

  Optional<String> beginOfText() {
    return Optional.ofNullable(bos);
  }

  Optional<String> endOfTurn() {
    return Optional.ofNullable(eos);
  }
}
