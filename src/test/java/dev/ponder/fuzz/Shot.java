package dev.ponder.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One request.
///
/// @param template the described path that it is meant for, or null when it is meant for none
/// @param valid whether it follows the description in everything
record Shot(
    String method,
    @Nullable String template,
    String target,
    List<Map.Entry<String, String>> headers,
    byte @Nullable [] body,
    boolean chunked,
    boolean valid) {

  /// The same request with this header, and no other of its name.
  Shot with(String name, String value) {
    List<Map.Entry<String, String>> all =
        Stream.concat(
                headers.stream().filter(header -> !header.getKey().equalsIgnoreCase(name)),
                Stream.of(Map.entry(name, value)))
            .toList();
    return new Shot(method, template, target, all, body, chunked, valid);
  }

  /// The request as a line for a shell; a body travels in octal escapes where it is not plain text.
  String curl(String base) {
    var line = new StringBuilder();
    if (body != null) {
      line.append("printf ").append(quoted(escaped(body))).append(" | ");
    }
    line.append("curl -i --path-as-is -X ").append(quoted(method));
    headers.forEach(
        h ->
            line.append(" -H ")
                .append(
                    quoted(
                        h.getValue().isEmpty()
                            ? h.getKey() + ";"
                            : h.getKey() + ": " + h.getValue())));
    if (body != null) {
      line.append(" --data-binary @-");
      if (headers.stream().noneMatch(h -> h.getKey().equalsIgnoreCase("Content-Type"))) {
        line.append(" -H 'Content-Type:'");
      }
      if (chunked) {
        line.append(" -H 'Transfer-Encoding: chunked'");
      }
    }
    return line.append(' ').append(quoted(base + target)).toString();
  }

  private static String escaped(byte[] body) {
    var text = new StringBuilder();
    for (byte b : body) {
      int c = b & 0xff;
      if (c == '%') {
        text.append("%%");
      } else if (c == '\\' || c == '\'' || c < ' ' || c > '~') {
        text.append("\\%03o".formatted(c));
      } else {
        text.append((char) c);
      }
    }
    return text.toString();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  String bodyText() {
    return body == null ? "" : new String(body, StandardCharsets.UTF_8);
  }
}
