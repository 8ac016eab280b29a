package dev.ponder.engine.jllama.seat;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.gguf.GgufHeader;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which model families the llama.cpp inside jllama 4.2.0 (build b4916) can generate text with.
public final class Architectures {

  private static final Set<String> KNOWN =
      Set.of(
          "arctic",
          "arwkv7",
          "baichuan",
          "bitnet",
          "bloom",
          "chameleon",
          "chatglm",
          "codeshell",
          "cohere2",
          "command-r",
          "dbrx",
          "deci",
          "deepseek",
          "deepseek2",
          "exaone",
          "falcon",
          "gemma",
          "gemma2",
          "gemma3",
          "gpt2",
          "gptneox",
          "granite",
          "granitemoe",
          "grok",
          "internlm2",
          "jais",
          "llama",
          "mamba",
          "minicpm",
          "minicpm3",
          "mpt",
          "nemotron",
          "olmo",
          "olmo2",
          "olmoe",
          "openelm",
          "orion",
          "phi2",
          "phi3",
          "phimoe",
          "plamo",
          "qwen",
          "qwen2",
          "qwen2moe",
          "qwen2vl",
          "refact",
          "rwkv6",
          "rwkv6qwen2",
          "rwkv7",
          "stablelm",
          "starcoder",
          "starcoder2",
          "xverse");

  private static final List<String> TOKENIZERS = List.of("gpt2", "llama", "rwkv");
  private static final List<String> SCALINGS = List.of("none", "linear", "yarn", "longrope");
  private static final int LAYERS_MAX = 512;
  private static final int EXPERTS_MAX = 256;

  private Architectures() {}

  /// Whether jllama can load models of this family.
  public static boolean loads(String architecture) {
    return KNOWN.contains(architecture);
  }

  /// @throws EngineException.Unusable if jllama cannot load such a model; says what can
  public static void check(GgufHeader header) {
    if (!KNOWN.contains(header.architecture())) {
      throw new EngineException.Unusable(
          ("The model file %s has the architecture '%s', which jllama 4.2.0 (llama.cpp b4916) cannot"
                  + " load. Serve it with llama-server or an OpenAI-compatible server and give Ponder"
                  + " its address (--llama-server URL or --openai URL).")
              .formatted(header.file(), header.architecture()),
          null);
    }
    String trouble = trouble(header);
    if (trouble != null) {
      throw new EngineException.Unusable(
          "The model file %s %s, at which jllama 4.2.0 would end its process. Serve it with llama-server."
              .formatted(header.file(), trouble),
          null);
    }
  }

  /// What this build of llama.cpp does not refuse but ends its process at, beyond what no build
  /// takes.
  private static @Nullable String trouble(GgufHeader header) {
    String tokenizer = header.tokenizer().orElse("");
    if (!TOKENIZERS.contains(tokenizer)) {
      return "has a tokenizer that is none of " + TOKENIZERS;
    }
    if (header.vocabulary() == 0) {
      return "holds no tokens";
    }
    if (header.blocks() < 1 || header.blocks() > LAYERS_MAX) {
      return "has %d layers and may have 1 to %d".formatted(header.blocks(), LAYERS_MAX);
    }
    long experts = header.numberOfArchitecture("expert_count");
    if (experts > EXPERTS_MAX) {
      return "has %d experts and may have %d".formatted(experts, EXPERTS_MAX);
    }
    String scaling = header.textOfArchitecture("rope.scaling.type").orElse("none");
    if (!SCALINGS.contains(scaling)) {
      return "scales positions in a way that is none of " + SCALINGS;
    }
    return header.tensors().stream()
        .filter(tensor -> !tensor.weighs())
        .findFirst()
        .map(
            tensor ->
                "stores the tensor %s as type %d, which is no weight"
                    .formatted(tensor.name(), tensor.type()))
        .orElse(null);
  }
}
