package dev.ponder.engine.llamaserver;

import dev.ponder.engine.ControlTokens;
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
public record ServerProps(
    String alias,
    String modelPath,
    int sequences,
    int contextTokens,
    boolean tokenIds,
    boolean messages,
    String beginOfText,
    String endOfTurn,
    String build) {

  static ServerProps parse(byte[] body) {
    Draft draft = new Draft();
    try (JsonParser json =
        Event.JSON.createParser(ObjectReadContext.empty(), body, 0, body.length)) {
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
        draft.build);
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

    private void read(JsonParser json) {
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "model_alias" -> alias = text(json, value);
          case "model_path" -> path = text(json, value);
          case "bos_token" -> begin = text(json, value);
          case "eos_token" -> end = text(json, value);
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
