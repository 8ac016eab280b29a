package dev.ponder.engine.llamaserver;

import dev.ponder.engine.http.ServerJson;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// One event of a completion, and the body of an error: read element by element, because this
/// happens for every few tokens of every thought.
final class Event {
  static final int UNSAID = -1;

  String content = "";
  int[] ids = {};
  boolean stop;
  @Nullable String stopType;
  boolean truncated;
  int written = UNSAID;
  int slot = UNSAID;
  int promptTokens = UNSAID;
  int cached = UNSAID;
  int processed = UNSAID;
  double promptMillis = UNSAID;
  double decodeMillis = UNSAID;
  @Nullable ServerError error;

  /// What a server says of a request it could not serve.
  record ServerError(int code, String message, String type) {}

  static Event parse(byte[] bytes, int from, int length) {
    return parse(ServerJson.FACTORY.createParser(ObjectReadContext.empty(), bytes, from, length));
  }

  static Event parse(String text) {
    return parse(ServerJson.FACTORY.createParser(ObjectReadContext.empty(), text));
  }

  private static Event parse(JsonParser parser) {
    Event event = new Event();
    try (JsonParser json = parser) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        event.read(json);
      }
    }
    return event;
  }

  private void read(JsonParser json) {
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "content" -> content = text(json, value);
        case "tokens" -> ids = ids(json);
        case "stop" -> stop = value == JsonToken.VALUE_TRUE;
        case "stop_type" -> stopType = text(json, value);
        case "truncated" -> truncated = value == JsonToken.VALUE_TRUE;
        case "id_slot" -> slot = number(json, value);
        case "tokens_predicted" -> written = number(json, value);
        case "tokens_evaluated" -> promptTokens = number(json, value);
        case "timings" -> timings(json, value);
        case "prompt_progress" -> progress(json, value);
        case "error" -> error = value == JsonToken.VALUE_NULL ? null : error(json, value);
        default -> json.skipChildren();
      }
    }
  }

  private void timings(JsonParser json, JsonToken value) {
    if (value != JsonToken.START_OBJECT) {
      return;
    }
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      switch (name) {
        case "cache_n" -> cached = number(json, member);
        case "prompt_ms" -> promptMillis = member.isNumeric() ? json.getDoubleValue() : UNSAID;
        case "predicted_ms" -> decodeMillis = member.isNumeric() ? json.getDoubleValue() : UNSAID;
        default -> json.skipChildren();
      }
    }
  }

  private void progress(JsonParser json, JsonToken value) {
    while (value == JsonToken.START_OBJECT && json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      switch (name) {
        case "cache" -> cached = number(json, member);
        case "processed" -> processed = number(json, member);
        default -> json.skipChildren();
      }
    }
  }

  /// A text, and nothing where something else stands in its place.
  private static String text(JsonParser json, JsonToken value) {
    json.skipChildren();
    return value == JsonToken.VALUE_STRING ? json.getString() : "";
  }

  private static ServerError error(JsonParser json, JsonToken value) {
    int code = 500;
    String message = "";
    String type = "";
    if (value == JsonToken.VALUE_STRING) {
      message = json.getString();
    }
    while (value == JsonToken.START_OBJECT && json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken member = json.nextToken();
      switch (name) {
        case "code" -> code = number(json, member);
        case "message" -> message = text(json, member);
        case "type" -> type = text(json, member);
        default -> json.skipChildren();
      }
    }
    return new ServerError(code, message, type);
  }

  interface Read<T> {
    T from(JsonParser json);
  }

  /// One member of an object, or what stands for it where there is none.
  static <T> T member(byte[] body, String name, Read<T> read, T otherwise) {
    T found = otherwise;
    try (JsonParser json =
        ServerJson.FACTORY.createParser(ObjectReadContext.empty(), body, 0, body.length)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean mine = json.currentName().equals(name);
        json.nextToken();
        if (mine) {
          found = read.from(json);
        } else {
          json.skipChildren();
        }
      }
    }
    return found;
  }

  private static int number(JsonParser json, JsonToken value) {
    json.skipChildren();
    return value.isNumeric() ? (int) json.getDoubleValue() : UNSAID;
  }

  /// A list of integers; anything else gives an empty one.
  static int[] ids(JsonParser json) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      json.skipChildren();
      return new int[0];
    }
    int[] ids = new int[8];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (!json.currentToken().isNumeric()) {
        json.skipChildren();
        continue;
      }
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count * 2);
      }
      ids[count++] = json.getIntValue();
    }
    return Arrays.copyOf(ids, count);
  }
}
