package dev.ponder.engine.jllama;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.GgufHeader;
import java.util.Set;

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
  }
}
