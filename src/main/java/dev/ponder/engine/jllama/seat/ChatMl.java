package dev.ponder.engine.jllama.seat;

import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.text.ControlTokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Renders a conversation as ChatML, in Java because the native renderer ends the process on some
/// messages and garbles others. A model with another kind of template is refused.
final class ChatMl {
  private static final String START = "<|im_start|>";
  private static final String END = "<|im_end|>";
  private static final List<String> ROLES = List.of("system", "user", "assistant");
  private static final int MESSAGES_MAX = 1_000;

  /// What a template says in place of a system message that is missing: one piece of plain text,
  /// with its line end written out or not.
  private static final Pattern STANDARD =
      Pattern.compile(Pattern.quote(START) + "system(?:\\\\n|\\n)([^'\"{}]+)" + Pattern.quote(END));

  private final String name;
  private final boolean supported;
  private final boolean opensThought;
  private final @Nullable String standardSystem;
  private final String[] specialTokens;

  ChatMl(GgufHeader header) {
    String template = header.chatTemplate().orElse("");
    int opening = template.lastIndexOf("add_generation_prompt");
    this.name = header.name();
    this.supported = template.contains(START);
    this.opensThought = opening >= 0 && template.indexOf("<think>", opening) >= 0;
    Matcher standard = STANDARD.matcher(template);
    this.standardSystem = standard.find() ? standard.group(1) : null;
    this.specialTokens = header.specialTokens().toArray(String[]::new);
  }

  /// One message; `role` is `system`, `user` or `assistant`.
  record Message(String role, String content) {}

  static List<Message> messages(JsonParser json) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw RequestProblem.invalid("messages has to be a list.");
    }
    List<Message> messages = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_OBJECT && messages.size() < MESSAGES_MAX) {
      messages.add(message(json));
    }
    if (json.currentToken() != JsonToken.END_ARRAY) {
      throw RequestProblem.invalid(
          "messages has to hold objects, %d at most.".formatted(MESSAGES_MAX));
    }
    return messages;
  }

  private static Message message(JsonParser json) {
    Map<String, String> found = new HashMap<>();
    RequestJson.members(
        json,
        (name, value) -> {
          if (!name.equals("role") && !name.equals("content")) {
            throw RequestProblem.invalid(
                "The field %s of a message is unknown.".formatted(RequestJson.shorten(name)));
          }
          found.put(name, RequestJson.text(name, value));
        });
    String role = found.get("role");
    String content = found.get("content");
    if (role == null || content == null) {
      throw RequestProblem.invalid("A message needs role and content.");
    }
    if (!ROLES.contains(role)) {
      throw RequestProblem.invalid(
          "The role of a message is %s and has to be one of %s."
              .formatted(RequestJson.shorten(role), ROLES));
    }
    return new Message(role, content);
  }

  String render(List<Message> messages) {
    if (!supported) {
      throw new RequestProblem(
          501,
          "not_supported_error",
          "The chat template of %s is not ChatML, the only one this engine renders. Serve the model with llama-server."
              .formatted(name),
          Map.of());
    }
    if (messages.isEmpty()) {
      throw RequestProblem.invalid("messages is empty and has to hold at least one.");
    }
    StringBuilder prompt = new StringBuilder();
    if (standardSystem != null && !messages.getFirst().role().equals("system")) {
      append(prompt, "system", standardSystem);
    }
    for (Message message : messages) {
      append(prompt, message.role(), harmless(message.content()));
    }
    prompt.append(START).append("assistant\n");
    return prompt.append(opensThought ? "<think>\n" : "").toString();
  }

  private static void append(StringBuilder prompt, String role, String content) {
    prompt.append(START).append(role).append('\n').append(content).append(END).append('\n');
  }

  /// A blank after the first sign keeps a text readable and makes it plain text to the tokenizer.
  private String harmless(String text) {
    return ControlTokens.harmless(text, specialTokens);
  }
}
