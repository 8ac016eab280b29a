package dev.ponder.engine.openai;

import dev.ponder.engine.http.ServerJson;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What one event says, or an answer that came whole. Read forgivingly: a server may put its text
/// in another field, in a list of parts, or beside what nobody knows.
///
/// @param thinking what the server calls reasoning, may be empty
/// @param content the rest of the text, may be empty
/// @param refused whether the text is a refusal, which has a field of its own
/// @param calls whether it is of a call of a tool; its arguments are no text
/// @param reason why the answer ended; empty if it says nothing of that
/// @param usage what the server has counted until now
/// @param last whether nothing but a count is in it, which comes behind the text
/// @param error what the server could not do
record ChatEvent(
    String thinking,
    String content,
    boolean refused,
    boolean calls,
    String reason,
    @Nullable JsonNode usage,
    boolean last,
    @Nullable ServerError error) {

  private static final List<String> THINKING =
      List.of("reasoning_content", "reasoning", "thinking", "reasoning_text", "reasoning_details");

  /// Where a part has its text.
  private static final List<String> PARTS =
      List.of("text", "content", "thinking", "reasoning", "summary", "refusal", "value");

  /// Types and names of parts that are of the thought.
  private static final List<String> THOUGHTS =
      List.of(
          "thinking", "reasoning", "reasoning_text", "reasoning.text", "summary", "summary_text");

  /// Deeper than any server nests its parts.
  private static final int DEEPEST = 6;

  /// @return null if it is no JSON
  static @Nullable JsonNode json(String data) {
    try {
      return ServerJson.MAPPER.readTree(data);
    } catch (JacksonException e) {
      return null;
    }
  }

  static ChatEvent of(JsonNode json) {
    // One server sends its errors in a list.
    JsonNode event = json.isArray() ? json.path(0) : json;
    JsonNode choices = event.path("choices");
    JsonNode choice = first(choices);
    JsonNode delta = delta(choice);
    StringBuilder thinking = new StringBuilder();
    StringBuilder content = new StringBuilder();
    for (String name : THINKING) {
      // Some servers send the same in two of them.
      if (thinking.isEmpty()) {
        read(delta.path(name), thinking, thinking, 0);
      }
    }
    read(delta.isString() ? delta : delta.path("content"), content, thinking, 0);
    read(choice.path("text"), content, thinking, 0);
    int before = content.length();
    read(delta.path("refusal"), content, thinking, 0);
    JsonNode usage = event.path("usage");
    return new ChatEvent(
        thinking.toString(),
        content.toString(),
        content.length() > before,
        !delta.path("tool_calls").isEmpty() || delta.path("function_call").isObject(),
        reason(choice.path("finish_reason")),
        usage.isObject() ? usage : null,
        usage.isObject() && choices.isEmpty(),
        ServerError.in(event));
  }

  /// Only one was asked for; a server that writes several numbers them.
  private static JsonNode first(JsonNode choices) {
    for (JsonNode choice : choices.values()) {
      if (choice.path("index").asInt(0) == 0) {
        return choice;
      }
    }
    return ServerJson.MAPPER.missingNode();
  }

  private static JsonNode delta(JsonNode choice) {
    JsonNode delta = choice.path("delta");
    return delta.isObject() && !delta.isEmpty() || delta.isString()
        ? delta
        : choice.path("message");
  }

  private static String reason(JsonNode reason) {
    String said = reason.isValueNode() && !reason.isNull() ? reason.asString("").strip() : "";
    return said.equalsIgnoreCase("null") || said.equalsIgnoreCase("none") ? "" : said;
  }

  /// A text, or the parts of one, each where it belongs.
  private static void read(JsonNode node, StringBuilder text, StringBuilder thought, int depth) {
    if (node.isString() || node.isNumber()) {
      text.append(node.asString());
    } else if (node.isArray() && depth < DEEPEST) {
      node.values().forEach(part -> read(part, text, thought, depth + 1));
    } else if (node.isObject() && depth < DEEPEST) {
      String type = node.path("type").asString("");
      for (String name : PARTS) {
        JsonNode part = node.path(name);
        if (!part.isMissingNode() && !type.contains("tool")) {
          boolean thinks = THOUGHTS.contains(type) || THOUGHTS.contains(name);
          read(part, thinks ? thought : text, thought, depth + 1);
          return;
        }
      }
    }
  }
}
