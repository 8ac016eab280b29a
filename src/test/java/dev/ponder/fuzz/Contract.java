package dev.ponder.fuzz;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the description promises, and whether an answer keeps it.
final class Contract {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  /// Headers that mean something to a client, so they are described or not sent.
  private static final Set<String> TELLING =
      Set.of(
          "location",
          "retry-after",
          "etag",
          "allow",
          "www-authenticate",
          "idempotency-replayed",
          "link",
          "set-cookie",
          "last-modified",
          "deprecation");

  private final JsonNode description;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<JsonNode, Schema> schemas = new HashMap<>();

  Contract(String description) {
    this.description = JSON.readTree(description);
  }

  /// One described operation.
  record Operation(String path, String method, JsonNode node) {

    Optional<JsonNode> requestBody() {
      return Optional.ofNullable(node.get("requestBody"))
          .map(body -> body.at("/content/application~1json"));
    }
  }

  List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    description
        .get("paths")
        .forEachEntry(
            (path, item) ->
                item.forEachEntry(
                    (method, node) -> {
                      if (METHODS.contains(method)) {
                        operations.add(new Operation(path, method.toUpperCase(), node));
                      }
                    }));
    return operations;
  }

  /// Follows a `$ref` inside the description.
  JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? description.at(node.get("$ref").asString().substring(1)) : node;
  }

  /// Whether a body is what the operation asks for; text that is no JSON is not.
  boolean accepts(JsonNode schema, String body) {
    try {
      return faults(schema, body).isEmpty();
    } catch (JacksonException | IllegalArgumentException noJson) {
      return false;
    }
  }

  /// What is wrong with the answer to a request, if anything is.
  Optional<String> breach(Shot shot, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status >= 500) {
      return Optional.of("status " + status);
    }
    String method = shot.method().equals("HEAD") ? "GET" : shot.method();
    Optional<Operation> operation =
        operations().stream()
            .filter(o -> o.path().equals(shot.template()) && o.method().equals(method))
            .findFirst();
    if (shot.method().equals("OPTIONS")) {
      return status == 200 || status >= 400 ? Optional.empty() : Optional.of("status " + status);
    }
    return operation.isEmpty()
        ? undescribed(shot, response)
        : described(shot, response, operation.get());
  }

  private Optional<String> undescribed(Shot shot, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (!Set.of(400, 401, 403, 404, 405, 413, 429).contains(status)) {
      return Optional.of("status " + status + " where nothing is described");
    }
    if (status == 405 && response.headers().firstValue("Allow").isEmpty()) {
      return Optional.of("405 without Allow");
    }
    if (status == 405 && shot.template() != null) {
      String allowed =
          operations().stream()
              .filter(o -> o.path().equals(shot.template()))
              .map(Operation::method)
              .sorted()
              .collect(Collectors.joining(", "));
      String told = response.headers().firstValue("Allow").orElse("");
      if (!told.equals(allowed)) {
        return Optional.of("Allow is '%s', described is '%s'".formatted(told, allowed));
      }
    }
    if (shot.method().equals("HEAD")) {
      return Optional.empty();
    }
    return body(description.at("/components/schemas/Problem"), response);
  }

  private Optional<String> described(
      Shot shot, HttpResponse<byte[]> response, Operation operation) {
    int status = response.statusCode();
    JsonNode described = operation.node().at("/responses/" + status);
    if (described.isMissingNode()) {
      return Optional.of("status %d is not described".formatted(status));
    }
    if (shot.valid() && (status == 400 || status == 405 || status == 406 || status == 415)) {
      return Optional.of("a request as described was refused with %d".formatted(status));
    }
    if (!shot.valid() && status < 300 && !acceptable(shot, operation)) {
      return Optional.of("a body that breaks the description was accepted");
    }
    Optional<String> headers = headers(resolved(described), response.headers());
    return headers.isPresent() || shot.method().equals("HEAD")
        ? headers
        : content(resolved(described), response);
  }

  private boolean acceptable(Shot shot, Operation operation) {
    return operation
        .requestBody()
        .map(media -> accepts(media.get("schema"), shot.bodyText()))
        .orElse(true);
  }

  private Optional<String> headers(JsonNode described, HttpHeaders sent) {
    var expected = new HashMap<String, JsonNode>();
    if (described.has("headers")) {
      described
          .get("headers")
          .forEachEntry((name, header) -> expected.put(name.toLowerCase(), resolved(header)));
    }
    for (var header : expected.entrySet()) {
      Optional<String> value = sent.firstValue(header.getKey());
      if (value.isEmpty() && header.getValue().path("required").asBoolean(false)) {
        return Optional.of("the header " + header.getKey() + " is missing");
      }
      boolean number = header.getValue().at("/schema/type").asString("").equals("integer");
      if (value.isPresent() && number && !value.get().matches("\\d+")) {
        return Optional.of("the header %s is '%s'".formatted(header.getKey(), value.get()));
      }
    }
    return sent.map().keySet().stream()
        .map(String::toLowerCase)
        .filter(name -> TELLING.contains(name) && !expected.containsKey(name))
        .findFirst()
        .map(name -> "the header " + name + " is not described");
  }

  private Optional<String> content(JsonNode described, HttpResponse<byte[]> response) {
    if (!described.has("content")) {
      return response.body().length == 0
          ? Optional.empty()
          : Optional.of("a body where none is described");
    }
    String type = type(response);
    JsonNode media = described.get("content").get(type == null ? "" : type);
    return media == null
        ? Optional.of("the type %s is not described".formatted(type))
        : body(media.get("schema"), response);
  }

  private Optional<String> body(JsonNode schema, HttpResponse<byte[]> response) {
    String type = type(response);
    if (type == null || !type.endsWith("json")) {
      return Optional.of("a body of type " + type);
    }
    try {
      List<Error> faults = faults(schema, new String(response.body(), StandardCharsets.UTF_8));
      return faults.isEmpty()
          ? Optional.empty()
          : Optional.of("the body breaks its schema: " + faults);
    } catch (JacksonException | IllegalArgumentException noJson) {
      return Optional.of("the body is no JSON: " + noJson.getMessage());
    }
  }

  private static @Nullable String type(HttpResponse<byte[]> response) {
    return response
        .headers()
        .firstValue("Content-Type")
        .map(type -> type.split(";")[0].strip())
        .orElse(null);
  }

  private List<Error> faults(JsonNode schema, String json) {
    return schemas.computeIfAbsent(schema, this::compiled).validate(json, InputFormat.JSON);
  }

  /// A schema that stands alone: the components travel with it, so its references still lead there.
  private Schema compiled(JsonNode schema) {
    ObjectNode alone = ((ObjectNode) schema).deepCopy();
    alone.set("components", description.get("components"));
    return registry.getSchema(alone);
  }
}
