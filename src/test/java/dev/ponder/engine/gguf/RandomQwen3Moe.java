package dev.ponder.engine.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// A model of the architecture of Qwen3-30B-A3B-Thinking-2507 with random weights: a file of two
/// megabytes that loads where the real one does, has its experts, the norms of its queries and
/// keys, its quantization, its native context and a template that opens `<think>`, and writes
/// nonsense. Its tokens are single bytes and a few pairs, so it also writes what is no UTF-8.
public final class RandomQwen3Moe {

  private static final int WIDTH = 256;
  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int HEAD = 64;
  private static final int EXPERTS = 4;
  private static final int EXPERTS_USED = 2;
  private static final int CONTEXT = 262_144;

  private static final int F32 = 0;
  private static final int Q5_K = 13;
  private static final int Q5_K_BLOCK = 256;
  private static final int Q5_K_BYTES = 176;
  private static final int FILE_TYPE_Q5_K_M = 17;

  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  private static final List<String> PAIRS =
      List.of("e r", "i n", "o n", "a n", "e n", "o r", "a t", "t h", "th e", "in g");

  private static final List<String> TAGS =
      List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>");

  private static final String TEMPLATE =
      """
      {%- for message in messages -%}
      {{- '<|im_start|>' + message.role + '\\n' -}}
      {%- if message.role == 'assistant' and message.reasoning_content -%}
      {{- '<think>\\n' + message.reasoning_content + '\\n</think>\\n\\n' -}}
      {%- endif -%}
      {{- message.content + '<|im_end|>\\n' -}}
      {%- endfor -%}
      {%- if add_generation_prompt -%}
      {{- '<|im_start|>assistant\\n<think>\\n' -}}
      {%- endif -%}
      """;

  private final Random random = new Random(2507);
  private final GgufFile file = new GgufFile();

  private RandomQwen3Moe() {}

  /// Writes the file; always the same one.
  public static Path write(Path file) throws IOException {
    RandomQwen3Moe model = new RandomQwen3Moe();
    model.architecture();
    int vocabulary = model.tokenizer();
    model.weights(vocabulary);
    model.file.write(file);
    return file;
  }

  private void architecture() {
    file.put("general.architecture", "qwen3moe")
        .put("general.name", "Random Qwen3 MoE Thinking")
        .put("general.file_type", FILE_TYPE_Q5_K_M)
        .put("general.quantization_version", 2)
        .put("qwen3moe.context_length", CONTEXT)
        .put("qwen3moe.embedding_length", WIDTH)
        .put("qwen3moe.block_count", LAYERS)
        .put("qwen3moe.feed_forward_length", WIDTH)
        .put("qwen3moe.expert_feed_forward_length", WIDTH)
        .put("qwen3moe.expert_count", EXPERTS)
        .put("qwen3moe.expert_used_count", EXPERTS_USED)
        .put("qwen3moe.attention.head_count", HEADS)
        .put("qwen3moe.attention.head_count_kv", KV_HEADS)
        .put("qwen3moe.attention.key_length", HEAD)
        .put("qwen3moe.attention.value_length", HEAD)
        .put("qwen3moe.attention.layer_norm_rms_epsilon", 1e-6f)
        .put("qwen3moe.rope.freq_base", 1e7f);
  }

  private int tokenizer() {
    List<String> tokens = new ArrayList<>(bytes());
    PAIRS.forEach(pair -> tokens.add(pair.replace(" ", "")));
    List<Integer> types = new ArrayList<>(Collections.nCopies(tokens.size(), NORMAL));
    int endOfText = tokens.size();
    tokens.addAll(TAGS);
    // The tags of a thought are printed, as in the files that the usual converter makes.
    types.addAll(List.of(CONTROL, CONTROL, CONTROL, USER_DEFINED, USER_DEFINED));
    file.put("tokenizer.ggml.model", "gpt2")
        .put("tokenizer.ggml.pre", "qwen2")
        .putTexts("tokenizer.ggml.tokens", tokens)
        .putWholes("tokenizer.ggml.token_type", types)
        .putTexts("tokenizer.ggml.merges", PAIRS)
        .put("tokenizer.ggml.eos_token_id", endOfText + 2)
        .put("tokenizer.ggml.padding_token_id", endOfText)
        .put("tokenizer.ggml.bos_token_id", endOfText)
        .put("tokenizer.ggml.add_bos_token", false)
        .put("tokenizer.chat_template", TEMPLATE.strip());
    return tokens.size();
  }

  /// The printable signs that stand for the 256 bytes in vocabularies of this kind.
  private static List<String> bytes() {
    List<String> signs = new ArrayList<>();
    int next = 256;
    for (int value = 0; value < 256; value++) {
      boolean printable = value > 32 && value < 127 || value > 160 && value < 256 && value != 173;
      signs.add(Character.toString(printable ? value : next++));
    }
    return signs;
  }

  private void weights(int vocabulary) {
    quantized("token_embd.weight", WIDTH, vocabulary);
    plain("output_norm.weight", WIDTH);
    quantized("output.weight", WIDTH, vocabulary);
    for (int layer = 0; layer < LAYERS; layer++) {
      String block = "blk.%d.".formatted(layer);
      plain(block + "attn_norm.weight", WIDTH);
      quantized(block + "attn_q.weight", WIDTH, HEADS * HEAD);
      quantized(block + "attn_k.weight", WIDTH, KV_HEADS * HEAD);
      quantized(block + "attn_v.weight", WIDTH, KV_HEADS * HEAD);
      quantized(block + "attn_output.weight", HEADS * HEAD, WIDTH);
      plain(block + "attn_q_norm.weight", HEAD);
      plain(block + "attn_k_norm.weight", HEAD);
      plain(block + "ffn_norm.weight", WIDTH);
      router(block + "ffn_gate_inp.weight");
      quantized(block + "ffn_gate_exps.weight", WIDTH, WIDTH, EXPERTS);
      quantized(block + "ffn_up_exps.weight", WIDTH, WIDTH, EXPERTS);
      quantized(block + "ffn_down_exps.weight", WIDTH, WIDTH, EXPERTS);
    }
  }

  private void plain(String name, int size) {
    ByteBuffer ones = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      ones.putFloat(1);
    }
    file.tensor(name, F32, ones.array(), size);
  }

  private void router(String name) {
    int size = WIDTH * EXPERTS;
    ByteBuffer floats = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      floats.putFloat((float) random.nextGaussian(0, 0.1));
    }
    file.tensor(name, F32, floats.array(), WIDTH, EXPERTS);
  }

  /// Blocks of a scale, the scale of the offsets, and bits: each combination is a valid weight. The
  /// two scales are chosen so that the weights scatter around zero by about 0.06.
  private void quantized(String name, int... sizes) {
    int elements = 1;
    for (int size : sizes) {
      elements *= size;
    }
    ByteBuffer blocks =
        ByteBuffer.allocate(elements / Q5_K_BLOCK * Q5_K_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    byte[] bits = new byte[Q5_K_BYTES - 2 * Short.BYTES];
    while (blocks.hasRemaining()) {
      random.nextBytes(bits);
      blocks.putShort(Float.floatToFloat16(1.15e-4f)).putShort(Float.floatToFloat16(1.78e-3f));
      blocks.put(bits);
    }
    file.tensor(name, Q5_K, blocks.array(), sizes);
  }
}
