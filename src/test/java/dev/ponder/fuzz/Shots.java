package dev.ponder.fuzz;

import dev.ponder.fuzz.Contract.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes requests: some as described, some nearly, some wild.
final class Shots {

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "FOO", "get");
  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/json;charset=UTF-8",
          "application/json;charset=utf-16",
          "application/xml",
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=b",
          "multipart/form-data",
          "application/problem+json",
          "*/*",
          "json",
          "application/json; charset=nonsense",
          ";",
          "application/octet-stream");
  private static final List<String> ACCEPTED =
      List.of(
          "*/*",
          "application/json",
          "application/problem+json",
          "text/html",
          "text/html, */*;q=0.1",
          "application/json;q=0",
          "nonsense",
          "a/b;q=x",
          "application/xml",
          ";;",
          "*");

  private final List<Operation> operations;
  private final RandomGenerator random;
  private final JsonTexts json;
  private final Texts texts;

  /// Ids of thoughts that most jobs have, and of one that none has.
  private static final List<String> THOUGHTS =
      List.of("initial_analysis.1.1", "deep_exploration.1.3", "final_output.1.1", "synthesis.9.9");

  /// Ids and ETags that the service gave out, so that requests also meet what is there.
  private final List<String> ids = new ArrayList<>();

  private final Map<String, String> etags = new HashMap<>();
  private final List<String> cursors = new ArrayList<>();

  Shots(Contract contract, String within, RandomGenerator random) {
    this.operations =
        contract.operations().stream().filter(o -> o.path().startsWith(within)).toList();
    this.random = random;
    this.json = new JsonTexts(contract, random);
    this.texts = new Texts(random);
  }

  void remember(String path, @Nullable String id, @Nullable String etag, @Nullable String cursor) {
    keep(ids, id);
    if (etag != null) {
      etags.put(path, etag);
    }
    keep(cursors, cursor);
  }

  private void keep(List<String> kept, @Nullable String value) {
    if (value != null && !kept.contains(value)) {
      kept.add(value);
      if (kept.size() > 60) {
        kept.remove(random.nextInt(kept.size()));
      }
    }
  }

  Shot next() {
    Operation operation = operations.get(random.nextInt(operations.size()));
    double chaos = List.of(0.0, 0.0, 0.05, 0.15, 0.5).get(random.nextInt(5));
    boolean wild = chaos > 0;
    boolean astray = wild && random.nextInt(25) == 0;
    String path = astray ? astray(operation.path()) : path(operation.path(), wild);
    String method = wild && random.nextInt(12) == 0 ? any(METHODS) : operation.method();
    var headers = new ArrayList<Map.Entry<String, String>>();
    byte[] body = body(operation, chaos, wild, headers);
    String query = query(operation, chaos);
    headers(operation, path, wild, headers);
    boolean chunked = wild && body != null && random.nextInt(6) == 0;
    return new Shot(
        method, astray ? null : operation.path(), path + query, headers, body, chunked, !wild);
  }

  private String path(String template, boolean wild) {
    String path = template;
    while (path.contains("{")) {
      int from = path.indexOf('{');
      int to = path.indexOf('}');
      boolean thought = path.substring(from, to).equals("{thought");
      String segment = thought && random.nextInt(4) > 0 ? any(THOUGHTS) : id(wild);
      path = path.substring(0, from) + segment + path.substring(to + 1);
    }
    return path;
  }

  private String id(boolean wild) {
    int kind = random.nextInt(10);
    if (!ids.isEmpty() && kind < 7) {
      return any(ids);
    }
    return wild && kind == 9
        ? segment()
        : new java.util.UUID(random.nextLong(), random.nextLong()).toString();
  }

  /// One path segment. Dots, slashes and emptiness would lead to another path.
  private String segment() {
    String text = encoded(texts.hostile()).replaceAll("%2[fF]|%5[cC]|\\.|%00", "_");
    return text.isBlank()
        ? "_"
        : text.substring(0, Math.min(500, text.length())).replaceAll("%.?$", "");
  }

  private String astray(String template) {
    return switch (random.nextInt(4)) {
      case 0 -> path(template, true) + "/" + segment() + "/x/y";
      case 1 -> path(template, true) + "/";
      case 2 -> "/" + segment() + "/" + segment();
      default -> path(template, true).replaceFirst("/v1", "/V1");
    };
  }

  private byte @Nullable [] body(
      Operation operation, double chaos, boolean wild, List<Map.Entry<String, String>> headers) {
    boolean asked = operation.requestBody().isPresent();
    if (!asked && !(wild && random.nextInt(5) == 0)) {
      return null;
    }
    if (asked && wild && random.nextInt(30) == 0) {
      return null;
    }
    boolean odd = wild && random.nextInt(8) == 0;
    if (!(odd && random.nextInt(4) == 0)) {
      headers.add(Map.entry("Content-Type", odd ? any(TYPES) : "application/json"));
    }
    if (!asked) {
      return bytes(texts.hostile());
    }
    JsonNode media = operation.requestBody().orElseThrow();
    JsonNode example = media.path("examples").values().stream().findFirst().orElse(null);
    JsonNode value = example == null ? null : example.get("value");
    byte[] body = bytes(json.write(media.get("schema"), value, chaos));
    return wild && random.nextInt(5) == 0 ? broken(body) : body;
  }

  private byte[] broken(byte[] body) {
    int at = random.nextInt(body.length + 1);
    byte[] odd = {(byte) random.nextInt(256)};
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(body, at);
      case 1 -> joined(Arrays.copyOf(body, at), odd, Arrays.copyOfRange(body, at, body.length));
      case 2 -> {
        byte[] flipped = body.clone();
        if (flipped.length > 0) {
          flipped[Math.min(at, flipped.length - 1)] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
      case 3 -> joined(body, body, odd);
      case 4 -> joined(body, new byte[] {(byte) 0xC3, '('}); // not UTF-8
      default -> random.nextInt(10) > 0 ? new byte[0] : new byte[1_100_000];
    };
  }

  private static byte[] joined(byte[]... parts) {
    var all = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private String query(Operation operation, double chaos) {
    var pairs = new ArrayList<String>();
    for (JsonNode parameter : operation.node().path("parameters").values()) {
      if (parameter.get("in").asString().equals("query") && random.nextInt(3) == 0) {
        String name = parameter.get("name").asString();
        // Whether a cursor fits the rest of the query only the service knows.
        if (name.equals("cursor") && chaos == 0) {
          continue;
        }
        pairs.add(encoded(name) + "=" + encoded(parameter(name, parameter.get("schema"), chaos)));
      }
    }
    if (chaos > 0 && random.nextInt(20) == 0) {
      pairs.add(encoded(texts.hostile()) + "=" + encoded(texts.hostile()));
    }
    if (chaos > 0 && !pairs.isEmpty() && random.nextInt(10) == 0) {
      pairs.add(pairs.getFirst());
    }
    String query = pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
    return query.length() > 6000 ? "" : query;
  }

  private String parameter(String name, JsonNode schema, double chaos) {
    if (random.nextDouble() < 2 * chaos) {
      return texts.hostile();
    }
    if (name.equals("cursor")) {
      return cursors.isEmpty() ? "" : any(cursors);
    }
    String value = json.write(schema.has("items") ? schema.get("items") : schema, null, 0);
    return value.replaceAll("^\"|\"$", "");
  }

  private void headers(
      Operation operation, String path, boolean wild, List<Map.Entry<String, String>> headers) {
    for (JsonNode parameter : operation.node().path("parameters").values()) {
      if (parameter.get("in").asString().equals("header") && random.nextInt(3) == 0) {
        headers.add(Map.entry(parameter.get("name").asString(), header(parameter, path, wild)));
      }
    }
    if (random.nextInt(4) == 0) {
      headers.add(Map.entry("Accept", wild ? any(ACCEPTED) : "application/json"));
    }
    if (wild && random.nextInt(15) == 0) {
      headers.add(
          Map.entry(
              any(
                  List.of(
                      "Content-Encoding",
                      "Accept-Charset",
                      "Range",
                      "If-Match",
                      "Origin",
                      "If-Modified-Since",
                      "If-Unmodified-Since",
                      "X-HTTP-Method-Override",
                      "Cookie",
                      "Accept-Language",
                      "Authorization",
                      "X-Forwarded-Host",
                      "Transfer-Encoding-X")),
              texts.visible(1 + random.nextInt(20))));
    }
  }

  private String header(JsonNode parameter, String path, boolean wild) {
    String name = parameter.get("name").asString();
    if (name.equals("If-None-Match") && etags.containsKey(path) && random.nextInt(3) > 0) {
      return etags.get(path);
    }
    if (wild && random.nextBoolean()) {
      return any(List.of("", " ", "*", "a b", "\"", "W/\"x\"", texts.visible(300), "a,b"));
    }
    // Few enough that keys come again, with the same payload or with another.
    return "key-" + random.nextInt(40);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
