package dev.ponder.model.profile;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What carries a parameter on an engine, as `models/parameters.yaml` writes it.
sealed interface ParameterMapping {

  /// Start-up options.
  ///
  /// @param template with `{}` where the value goes, `{-1}` where the value less one does
  record Option(String template, String remark) implements ParameterMapping {}

  /// Start-up options of a flag; empty where it takes none.
  record Switched(String on, String off, String remark) implements ParameterMapping {}

  /// A field of each request.
  record Request(String field, String remark) implements ParameterMapping {}

  /// Ponder does it, whatever the engine is.
  record ByPonder(String how) implements ParameterMapping {}

  /// The engine always does it.
  record BuiltIn(String why) implements ParameterMapping {}

  /// The engine can do these values and no others.
  record Only(List<String> values, String why) implements ParameterMapping {}

  record Nothing(String why) implements ParameterMapping {}

  static ParameterMapping parse(String text) {
    int blank = text.indexOf(' ');
    String kind = blank < 0 ? text : text.substring(0, blank);
    String rest = blank < 0 ? "" : text.substring(blank + 1).strip();
    int semicolon = rest.indexOf(';');
    String main = semicolon < 0 ? rest : rest.substring(0, semicolon).strip();
    String remark = semicolon < 0 ? "" : rest.substring(semicolon + 1).strip();
    return switch (kind) {
      case "option" -> new Option(main, remark);
      case "on" -> switched(main, remark);
      case "request" -> new Request(main, remark);
      case "ponder" -> new ByPonder(rest);
      case "built-in" -> new BuiltIn(rest);
      case "only" -> only(rest);
      case "no" -> new Nothing(rest);
      default -> throw new IllegalStateException("models/parameters.yaml: unknown kind " + kind);
    };
  }

  private static ParameterMapping switched(String text, String remark) {
    int bar = text.indexOf('|');
    String off = text.substring(bar + 1).strip();
    return new Switched(
        text.substring(0, bar).strip(), off.substring("off".length()).strip(), remark);
  }

  private static ParameterMapping only(String text) {
    int colon = text.indexOf(':');
    List<String> values = List.of(text.substring(0, colon).split(" "));
    return new Only(values, text.substring(colon + 1).strip());
  }

  /// Why an engine cannot do this value; null if it can. What is off needs nothing to carry it.
  default @Nullable String refusal(Object value) {
    return switch (this) {
      case Nothing(String why) -> Boolean.FALSE.equals(value) ? null : why;
      case Only(List<String> values, String why) ->
          values.contains(String.valueOf(value)) ? null : why;
      case Option option -> null;
      case Switched switched -> null;
      case Request request -> null;
      case ByPonder byPonder -> null;
      case BuiltIn builtIn -> null;
    };
  }

  /// The start-up options for a value.
  default List<String> options(Object value) {
    String text =
        switch (this) {
          case Option(String template, String remark) -> filled(template, value);
          case Switched(String on, String off, String remark) ->
              Boolean.TRUE.equals(value) ? on : off;
          case Request request -> "";
          case ByPonder byPonder -> "";
          case BuiltIn builtIn -> "";
          case Only only -> "";
          case Nothing nothing -> "";
        };
    return Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).toList();
  }

  private static String filled(String template, Object value) {
    String filled = template.replace("{}", plain(value));
    return value instanceof Integer whole
        ? filled.replace("{-1}", Integer.toString(whole - 1))
        : filled;
  }

  private static String plain(Object value) {
    String text = String.valueOf(value);
    return value instanceof Double && text.endsWith(".0")
        ? text.substring(0, text.length() - 2)
        : text;
  }

  /// For the table of the documentation.
  default String words() {
    return switch (this) {
      case Option(String template, String remark) -> with(code(template), remark);
      case Switched(String on, String off, String remark) ->
          with(
              Stream.of(
                      on.isEmpty() ? "" : "on: " + code(on),
                      off.isEmpty() ? "" : "off: " + code(off))
                  .filter(part -> !part.isEmpty())
                  .reduce((left, right) -> left + ", " + right)
                  .orElse("its default"),
              remark);
      case Request(String field, String remark) -> with("in each request: " + code(field), remark);
      case ByPonder(String how) -> "Ponder: " + how;
      case BuiltIn(String why) -> "built in: " + why;
      case Only(List<String> values, String why) ->
          "only " + String.join(", ", values) + ": " + why;
      case Nothing(String why) -> "**not carried**: " + why;
    };
  }

  private static String code(String text) {
    return "`" + text.replace("{}", "N").replace("{-1}", "N−1") + "`";
  }

  private static String with(String text, String remark) {
    return remark.isEmpty() ? text : text + "; " + remark;
  }
}
