package dev.ponder.engine.openai;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a server says of a request it could not serve.
record ServerError(int code, String message) {

  private static final int UNSTATED = 500;
  private static final int MESSAGE_MAX = 2_000;

  /// The reason in the body of an error, however the server writes it.
  static String messageIn(byte[] body) {
    try {
      String message = message(JsonMapper.shared().readTree(body));
      return message.isEmpty() ? "no reason given" : message;
    } catch (JacksonException e) {
      // A proxy in between answers in HTML, for example.
      return "no reason given";
    }
  }

  /// The error in an event of a stream, if it is one.
  static @Nullable ServerError in(JsonNode event) {
    JsonNode error = event.path("error");
    if (error.isMissingNode() || error.isNull()) {
      return null;
    }
    int code = error.path("code").isInt() ? error.path("code").intValue() : UNSTATED;
    return new ServerError(code < 400 || code > 599 ? UNSTATED : code, message(event));
  }

  /// `{"error": {"message"}}` as the protocol says, `{"error": "…"}`, `{"message"}` as older vLLM,
  /// or `{"detail"}` as the framework below some servers.
  private static String message(JsonNode body) {
    JsonNode error = body.path("error");
    for (JsonNode place :
        new JsonNode[] {error.path("message"), error, body.path("message"), body.path("detail")}) {
      if (place.isString() && !place.stringValue().isBlank()) {
        String message = place.stringValue().strip();
        return message.length() <= MESSAGE_MAX
            ? message
            : message.substring(0, MESSAGE_MAX - 1) + "…";
      }
    }
    return body.path("detail").isContainer() ? body.path("detail").toString() : "";
  }
}
