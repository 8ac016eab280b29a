package dev.ponder.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// One failure as RFC 9457 tells it, with the headers that go with it.
///
/// @param status that of the type, except for the few failures of the container that have their own
/// @param field what is wrong: a field of the body, a header or a parameter
/// @param found the value there, if it is short and harmless
/// @param accepted what would be right, if it can be listed
/// @param limit the limit that was passed
/// @param next what to do now, if the detail does not say it
public record Problem(
    ProblemType type,
    int status,
    String detail,
    @Nullable String field,
    @Nullable String found,
    List<String> accepted,
    @Nullable Long limit,
    @Nullable String next,
    HttpHeaders headers) {

  private static final int SHOWN = 2000;

  public Problem {
    accepted = List.copyOf(accepted);
  }

  public static Problem of(ProblemType type, String detail) {
    return new Problem(
        type, type.status(), detail, null, null, List.of(), null, null, new HttpHeaders());
  }

  Problem status(int other) {
    return new Problem(type, other, detail, field, found, accepted, limit, next, headers);
  }

  public Problem field(@Nullable String name) {
    return new Problem(type, status, detail, name, found, accepted, limit, next, headers);
  }

  public Problem found(@Nullable String value) {
    return new Problem(type, status, detail, field, value, accepted, limit, next, headers);
  }

  public Problem accepted(List<String> values) {
    return new Problem(type, status, detail, field, found, values, limit, next, headers);
  }

  public Problem limit(long most) {
    return new Problem(type, status, detail, field, found, accepted, most, next, headers);
  }

  public Problem next(String sentence) {
    return new Problem(type, status, detail, field, found, accepted, limit, sentence, headers);
  }

  public Problem header(String name, String value) {
    var more = new HttpHeaders(headers);
    more.set(name, value);
    return new Problem(type, status, detail, field, found, accepted, limit, next, more);
  }

  /// The members in their order.
  ///
  /// @param instance the path that was asked for
  Map<String, Object> body(@Nullable String instance) {
    var members = new LinkedHashMap<String, Object>();
    members.put("type", type.uri());
    members.put("title", type.title());
    members.put("status", status);
    members.put("detail", printable(detail));
    put(members, "instance", instance);
    put(members, "field", field);
    put(members, "found", found);
    if (!accepted.isEmpty()) {
      members.put("accepted", new ArrayList<>(accepted));
    }
    if (limit != null) {
      members.put("limit", limit);
    }
    put(members, "next", next);
    return members;
  }

  private static void put(Map<String, Object> members, String name, @Nullable String value) {
    if (value != null) {
      members.put(name, printable(value));
    }
  }

  /// A client's own words come back in details. Half a surrogate pair cannot be written as UTF-8,
  /// control characters spoil a terminal, and a megabyte helps nobody.
  static String printable(String text) {
    var kept = new StringBuilder();
    text.codePoints()
        .limit(SHOWN)
        .map(c -> Character.isISOControl(c) || isHalfPair(c) ? '\uFFFD' : c)
        .forEach(kept::appendCodePoint);
    if (text.codePointCount(0, text.length()) > SHOWN) {
      kept.append('…');
    }
    return kept.toString();
  }

  private static boolean isHalfPair(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
