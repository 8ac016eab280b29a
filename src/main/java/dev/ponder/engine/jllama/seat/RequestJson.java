package dev.ponder.engine.jllama.seat;

import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the JSON of requests strictly and cheaply, element by element, and answers a mistake with
/// the field, the value and what would be accepted.
final class RequestJson {
  static final int IDS_MAX = 1 << 21;

  private RequestJson() {}

  /// Reads one field; the parser stands on its value and may not be moved past its end.
  interface Field {
    void read(String name, JsonParser value);
  }

  static void object(JsonParser json, Field field) {
    try {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw RequestProblem.invalid("The body has to be one JSON object.");
      }
      members(json, field);
      if (json.nextToken() != null) {
        throw RequestProblem.invalid("The body goes on after its JSON object.");
      }
    } catch (JacksonException e) {
      throw RequestProblem.invalid("The body is no JSON: " + shorten(e.getOriginalMessage()));
    }
  }

  /// The members of the object that the parser stands at the start of.
  static void members(JsonParser json, Field field) {
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      field.read(name, json);
    }
    if (json.currentToken() != JsonToken.END_OBJECT) {
      throw RequestProblem.invalid("The body ends inside an object.");
    }
  }

  static String text(String name, JsonParser json) {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong(name, json, "a text");
    }
    return json.getString();
  }

  static boolean bool(String name, JsonParser json) {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw wrong(name, json, "true or false");
    };
  }

  static double number(String name, JsonParser json, double from, double to) {
    String accepted = "a number between %s and %s".formatted(from, to);
    if (!json.currentToken().isNumeric()) {
      throw wrong(name, json, accepted);
    }
    double value = json.getDoubleValue();
    // Written so that NaN fails.
    if (!(value >= from && value <= to)) {
      throw wrong(name, json, accepted);
    }
    return value;
  }

  static long integer(String name, JsonParser json, long from, long to) {
    String accepted = "a whole number between %d and %d".formatted(from, to);
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw wrong(name, json, accepted);
    }
    boolean fits = json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    if (!fits || json.getLongValue() < from || json.getLongValue() > to) {
      throw wrong(name, json, accepted);
    }
    return json.getLongValue();
  }

  static int[] ids(String name, JsonParser json, int vocabulary) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(name, json, "a text or a list of token ids");
    }
    int[] ids = new int[256];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (count == IDS_MAX) {
        throw RequestProblem.invalid("%s has more than %,d ids.".formatted(name, IDS_MAX));
      }
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count * 2);
      }
      ids[count++] = (int) integer(name, json, 0, vocabulary - 1L);
    }
    return Arrays.copyOf(ids, count);
  }

  private static RequestProblem wrong(String name, JsonParser json, String accepted) {
    String found = json.currentToken().isScalarValue() ? json.getString() : "a structure";
    return RequestProblem.invalid(
        "%s is %s and has to be %s.".formatted(name, shorten(found), accepted));
  }

  static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
