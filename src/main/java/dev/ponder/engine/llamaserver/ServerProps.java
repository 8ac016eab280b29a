package dev.ponder.engine.llamaserver;

import dev.ponder.engine.http.ServerJson;
import dev.ponder.engine.text.ControlTokens;
import dev.ponder.engine.text.ThinkTags;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// What a server says of itself.
///
/// @param alias the name it reports for its model, may be empty
/// @param modelPath the file of its model, may be empty
/// @param sequences completions at the same time
/// @param contextTokens tokens that each of them holds
/// @param tokenIds whether it reports the ids of what it writes
/// @param messages whether a completion takes a conversation instead of a rendered prompt, which
///     saves a request; a seat does
/// @param beginOfText the text of the token before a prompt, may be empty
/// @param endOfTurn the text of the token that ends a turn, may be empty
/// @param build of the server, may be empty
/// @param template by which it makes a prompt of messages, may be empty
public record ServerProps(
    String alias,
    String modelPath,
    int sequences,
    int contextTokens,
    boolean tokenIds,
    boolean messages,
    String beginOfText,
    String endOfTurn,
    String build,
    String template) {

  /// Behind this, a template says what the assistant's turn begins with.
  private static final String GENERATION = "add_generation_prompt";

  static ServerProps parse(byte[] body) {
    Draft draft = new Draft();
    try (JsonParser json =
        ServerJson.FACTORY.createParser(ObjectReadContext.empty(), body, 0, body.length)) {
      json.nextToken();
      draft.read(json);
    }
    return new ServerProps(
        draft.alias,
        draft.path,
        draft.sequences,
        draft.context,
        draft.tokenIds,
        draft.messages,
        draft.begin,
        draft.end,
        draft.build,
        draft.template);
  }

  boolean sameModel(ServerProps other) {
    return alias.equals(other.alias) && modelPath.equals(other.modelPath);
  }

  String modelName() {
    return alias.isEmpty() || alias.equals(modelPath) ? modelPath : alias + " (" + modelPath + ")";
  }

  /// The text of a user without control tokens, those of this model included.
  String harmless(String text) {
    return ControlTokens.harmless(text, beginOfText, endOfTurn);
  }

  /// The tags of its model: of those that are known, the pair that its template names comes first.
  ThinkTags tags(ThinkTags known) {
    return known.in(template);
  }

  /// What the assistant has written, with the tags that the model writes itself.
  ///
  /// @param prompt before it, may be empty where the server makes it
  String inOwnWords(String written, String prompt, ThinkTags known) {
    ThinkTags tags = tags(known);
    String opening = tags.own().opening();
    boolean opened =
        prompt.isEmpty()
            ? template.indexOf(opening, Math.max(0, template.lastIndexOf(GENERATION))) >= 0
            : prompt.stripTrailing().endsWith(opening);
    return tags.inOwnWords(written, opened || !tags.isNamedIn(template));
  }

  private static final class Draft {
    private String alias = "";
    private String path = "";
    private int sequences = 1;
    private int context = 1;
    private boolean tokenIds = true;
    private boolean messages;
    private String begin = "";
    private String end = "";
    private String build = "";
    private String template = "";

    private void read(JsonParser json) {
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "model_alias" -> alias = text(json, value);
          case "model_path" -> path = text(json, value);
          case "bos_token" -> begin = text(json, value);
          case "eos_token" -> end = text(json, value);
          case "chat_template" -> template = text(json, value);
          case "build_info" -> build = text(json, value);
          case "total_slots" -> sequences = Math.max(1, json.getIntValue());
          case "return_tokens" -> tokenIds = value == JsonToken.VALUE_TRUE;
          case "completion_messages" -> messages = value == JsonToken.VALUE_TRUE;
          case "n_ctx" -> context = Math.max(1, json.getIntValue());
          case "default_generation_settings" -> nested(json, value);
          default -> json.skipChildren();
        }
      }
    }

    private void nested(JsonParser json, JsonToken value) {
      if (value == JsonToken.START_OBJECT) {
        read(json);
      }
    }

    private static String text(JsonParser json, JsonToken value) {
      return value == JsonToken.VALUE_STRING ? json.getString() : "";
    }
  }
}
