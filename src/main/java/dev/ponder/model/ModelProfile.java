package dev.ponder.model;

import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.engine.openai.Continuation;
import dev.ponder.engine.text.ThinkTags;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model as it is served, and what the settings say of it: `ponder.models.<name>`. Settings of
/// the same name as a profile of `model-profiles/` are laid over it. With neither a file nor a URL
/// they describe a model that is attached with `ponder.llama-server` and reports this name.
///
/// @param file path of a GGUF file, or `embedded:` for the model that ships with Ponder
/// @param engine `jllama` loads the file; `llama-server` is asked at the URL, or started by Ponder
///     with the file; `openai` is asked at the URL. Left out, it is `jllama` where there is a file,
///     else `llama-server`
/// @param url address of a running server
/// @param context tokens of prompt and answer together that one sequence holds; left out, what the
///     file was trained for, at most 32,768. A server knows its own
/// @param sequences generations at the same time, 1 to 64; left out, what the profile of this name
///     says, else 1. A server knows its own
/// @param threads threads that decode, 1 to 512; left out, as above, but what a llama-server thinks
///     best. One is fastest where two hardware threads share a core
/// @param pipeline the pipeline it is used with; left out, that of the profile, else
///     `qwen3-30b-thinking`
/// @param pace tokens per second at most in each thought, 0 is as fast as it goes; left out, it is
///     `ponder.pace`
/// @param servedAs the name that an OpenAI-compatible server knows it by; left out, its own name
/// @param continuation how that server goes on with a text that was begun; left out, it is tried
///     out
/// @param key the key that the server wants; left out, `OPENAI_API_KEY` or `LLAMA_API_KEY`
/// @param fallback models that take over, in this order, when its engine cannot be had
/// @param thinkTags the tags between which it thinks, such as `[THINK]...[/THINK]`, its own first;
///     left out, those of the models that people run
record ModelProfile(
    @Nullable String file,
    @Nullable String engine,
    @Nullable ServerAddress url,
    @Nullable Integer context,
    @Nullable Integer sequences,
    @Nullable Integer threads,
    @Nullable String pipeline,
    @Nullable Double pace,
    @Nullable String servedAs,
    @Nullable Continuation continuation,
    @Nullable ApiKey key,
    @Nullable List<String> fallback,
    @Nullable List<String> thinkTags) {

  static final String JLLAMA = "jllama";
  static final String LLAMA_SERVER = "llama-server";
  static final String OPENAI = "openai";
  static final String EMBEDDED = "embedded:";

  private static final List<String> ENGINES = List.of(JLLAMA, LLAMA_SERVER, OPENAI);

  /// The pipeline of a model that nobody described.
  static final String UNKNOWN_PIPELINE = "qwen3-30b-thinking";

  private static final int CONTEXT_MAX = 1 << 20;

  ModelProfile {
    file = file == null || file.isBlank() ? null : file.strip();
    engine = engine == null || engine.isBlank() ? null : engine.strip();
    servedAs = servedAs == null || servedAs.isBlank() ? null : servedAs.strip();
    if (engine != null && !ENGINES.contains(engine)) {
      throw new IllegalArgumentException(
          "engine is '%s' and has to be one of %s".formatted(engine, String.join(", ", ENGINES)));
    }
    if (file != null && file.startsWith(EMBEDDED) && !file.equals(EMBEDDED)) {
      throw new IllegalArgumentException(
          "file is '%s'; there is one embedded model, written '%s'".formatted(file, EMBEDDED));
    }
    if (file != null && url != null) {
      throw new IllegalArgumentException(
          "file is '%s' and url is '%s': a model has one of them".formatted(file, url));
    }
    if (JLLAMA.equals(engine) && file == null) {
      throw new IllegalArgumentException(
          "engine is jllama, which needs a file: the path of a GGUF file, or '%s'"
              .formatted(EMBEDDED));
    }
    if (LLAMA_SERVER.equals(engine) && url == null && file == null) {
      throw new IllegalArgumentException(
          "engine is llama-server, which needs a url such as http://127.0.0.1:8081, or a file that Ponder starts one with");
    }
    if (JLLAMA.equals(engine) && url != null) {
      throw new IllegalArgumentException("engine is jllama, which takes a file and no url");
    }
    if (OPENAI.equals(engine) && file != null) {
      throw new IllegalArgumentException(
          "engine is openai, which takes a url and no file: somebody else starts the server");
    }
    if (key != null && key.present() && url != null && url.login() != null) {
      throw new IllegalArgumentException(
          "url has a user and a password, and there is a key: a server is sent one of them. Leave one out");
    }
    if (context != null) {
      between("context", context, 64, CONTEXT_MAX);
    }
    if (sequences != null) {
      between("sequences", sequences, 1, 64);
    }
    if (threads != null) {
      between("threads", threads, 1, 512);
    }
    if (pace != null) {
      checkPace("pace", pace);
    }
    if (thinkTags != null && !thinkTags.isEmpty()) {
      ThinkTags.of(thinkTags);
    }
  }

  /// How a model is treated that nobody described.
  static ModelProfile unknown() {
    return new ModelProfile(
        null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /// The same where a server that somebody else started holds it: files and options are that
  /// server's own affair.
  ModelProfile onItsServer() {
    return new ModelProfile(
        null,
        null,
        null,
        null,
        null,
        null,
        pipeline,
        pace,
        servedAs,
        continuation,
        key,
        fallback,
        thinkTags);
  }

  /// Whether Ponder starts a llama-server for it.
  boolean managed() {
    return LLAMA_SERVER.equals(engine) && file != null;
  }

  boolean openAi() {
    return OPENAI.equals(engine);
  }

  /// The models that take over, none if it is not said.
  List<String> fallbacks() {
    return fallback == null ? List.of() : fallback;
  }

  /// The tags between which it thinks.
  ThinkTags tags() {
    return thinkTags == null || thinkTags.isEmpty() ? ThinkTags.USUAL : ThinkTags.of(thinkTags);
  }

  int sequencesOrOne() {
    return sequences == null ? 1 : sequences;
  }

  int threadsOrOne() {
    return threads == null ? 1 : threads;
  }

  String usualPipeline() {
    return pipeline == null ? UNKNOWN_PIPELINE : pipeline;
  }

  boolean embedded() {
    return EMBEDDED.equals(file);
  }

  static void checkPace(String key, double pace) {
    if (!(pace >= 0 && pace <= 1_000_000)) {
      throw new IllegalArgumentException(
          "%s is %s and has to be between 0 (off) and 1000000 tokens/s".formatted(key, pace));
    }
  }

  private static void between(String key, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          "%s is %d and has to be between %d and %d".formatted(key, value, from, to));
    }
  }
}
