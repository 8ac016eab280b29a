package dev.ponder.engine.jllama.seat;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A validated `POST /completion`. Fields that this engine cannot honour are refused rather than
/// ignored, and so are numbers that would end the native library.
///
/// @param prompt text, or null if ids or messages were given
/// @param messages a conversation to render instead of a prompt; Ponder's own addition
/// @param written with messages: what the assistant has already written
public record CompletionRequest(
    @Nullable String prompt,
    List<ChatMl.Message> messages,
    String written,
    int[] ids,
    int maxTokens,
    double temperature,
    int topK,
    double topP,
    double minP,
    double presencePenalty,
    double repeatPenalty,
    long seed,
    int slot) {

  /// "As many as fit", as llama-server means it.
  static final int NO_LIMIT = -1;

  private static final Set<String> TRUE_ONLY = Set.of("stream", "cache_prompt");
  private static final Set<String> IGNORED = Set.of("return_tokens", "timings_per_token");
  private static final List<String> KNOWN =
      List.of(
          "prompt",
          "n_predict",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "presence_penalty",
          "repeat_penalty",
          "seed",
          "id_slot");

  public static CompletionRequest parse(JsonParser json, int vocabulary, int slots) {
    Draft draft = new Draft();
    RequestJson.object(json, (name, value) -> draft.set(name, value, vocabulary, slots));
    return draft.build();
  }

  /// The same with its conversation rendered as the prompt, if it has one.
  CompletionRequest rendered(ChatMl template) {
    return messages.isEmpty()
        ? this
        : new CompletionRequest(
            template.render(messages) + written,
            List.of(),
            "",
            ids,
            maxTokens,
            temperature,
            topK,
            topP,
            minP,
            presencePenalty,
            repeatPenalty,
            seed,
            slot);
  }

  /// What has been read so far; starts with llama.cpp's own defaults.
  private static final class Draft {
    private @Nullable String prompt;
    private List<ChatMl.Message> messages = List.of();
    private String written = "";
    private int[] ids = {};
    private int maxTokens = NO_LIMIT;
    private double temperature = 0.8;
    private int topK = 40;
    private double topP = 0.95;
    private double minP = 0.05;
    private double presencePenalty;
    private double repeatPenalty = 1;
    private long seed = 0xFFFF_FFFFL;
    private int slot = -1;

    void set(String name, JsonParser json, int vocabulary, int slots) {
      switch (name) {
        case "prompt" -> prompt(json, vocabulary);
        case "messages" -> messages = ChatMl.messages(json);
        case "written" -> written = RequestJson.text(name, json);
        case "n_predict" -> maxTokens = limit(json);
        case "temperature" -> temperature = RequestJson.number(name, json, 0, 100);
        case "top_k" -> topK = (int) RequestJson.integer(name, json, 0, 1_000_000);
        case "top_p" -> topP = RequestJson.number(name, json, 0, 1);
        case "min_p" -> minP = RequestJson.number(name, json, 0, 1);
        case "presence_penalty" -> presencePenalty = RequestJson.number(name, json, -2, 2);
        case "repeat_penalty" -> repeatPenalty = RequestJson.number(name, json, 1e-3, 10);
        case "seed" -> seed = RequestJson.integer(name, json, -1, 0xFFFF_FFFFL);
        case "id_slot" -> slot = (int) RequestJson.integer(name, json, -1, slots - 1);
        default -> other(name, json);
      }
    }

    private void prompt(JsonParser json, int vocabulary) {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        prompt = json.getString();
        return;
      }
      prompt = null;
      ids = RequestJson.ids("prompt", json, vocabulary);
    }

    private static int limit(JsonParser json) {
      int tokens = (int) RequestJson.integer("n_predict", json, -1, Integer.MAX_VALUE);
      if (tokens == 0) {
        throw RequestProblem.invalid(
            "n_predict is 0 and has to be -1 (as many as fit) or at least 1.");
      }
      return tokens;
    }

    private static void other(String name, JsonParser json) {
      if (TRUE_ONLY.contains(name)) {
        if (!RequestJson.bool(name, json)) {
          throw RequestProblem.invalid(
              "%s is false, which this engine does not offer.".formatted(name));
        }
      } else if (IGNORED.contains(name)) {
        RequestJson.bool(name, json);
      } else {
        throw RequestProblem.invalid(
            "The field %s is not offered by this engine. It takes %s."
                .formatted(RequestJson.shorten(name), String.join(", ", KNOWN)));
      }
    }

    private CompletionRequest build() {
      if (messages.isEmpty() && (prompt == null ? ids.length == 0 : prompt.isEmpty())) {
        throw RequestProblem.invalid("The prompt is missing or empty.");
      }
      return new CompletionRequest(
          prompt,
          messages,
          written,
          ids,
          maxTokens,
          temperature,
          topK,
          topP,
          minP,
          presencePenalty,
          repeatPenalty,
          seed,
          slot);
    }
  }
}
