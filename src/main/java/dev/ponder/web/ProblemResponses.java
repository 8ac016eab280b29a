package dev.ponder.web;

import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;

/// Describes problems: their shape, which of them a status can stand for, and an example of each.
final class ProblemResponses {

  static final String JOB = "01936f5e-8c3a-7c41-9f0b-2d6a5e1b7c30";

  private static final String REF = "#/components/schemas/Problem";

  private ProblemResponses() {}

  static ApiResponse of(int status, List<ProblemType> types) {
    Schema<?> which =
        new Schema<>()
            .addProperty(
                "type", typed("string")._enum(types.stream().map(t -> (Object) t.uri()).toList()))
            .addProperty("status", typed("integer")._enum(List.of(status)));
    var media =
        new MediaType().schema(new Schema<>().allOf(List.of(new Schema<>().$ref(REF), which)));
    types.forEach(type -> media.addExamples(name(type), new Example().value(example(type))));
    var response =
        new ApiResponse()
            .description(types.stream().map(ProblemType::meaning).collect(Collectors.joining(" ")))
            .content(
                new Content()
                    .addMediaType(
                        org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE, media));
    headers(types).forEach(response::addHeaderObject);
    return response;
  }

  private static String name(ProblemType type) {
    return type.uri().substring("/problems/".length());
  }

  private static Map<String, Object> example(ProblemType type) {
    return Problem.of(type, type.meaning()).body("/v1/jobs");
  }

  private static Map<String, Header> headers(List<ProblemType> types) {
    return switch (types.getFirst()) {
      case UNAUTHORIZED ->
          Map.of(
              HttpHeaders.WWW_AUTHENTICATE,
              header("How to show a key.", "string", "Bearer realm=\"ponder\""));
      case METHOD_NOT_ALLOWED ->
          Map.of(HttpHeaders.ALLOW, header("The methods of the path.", "string", "GET, POST"));
      case JOB_REFUSED, TOO_MANY_WRONG_KEYS, UNAVAILABLE ->
          Map.of(HttpHeaders.RETRY_AFTER, header("Seconds to wait.", "integer", 10));
      default ->
          types.contains(ProblemType.ANSWER_NOT_READY)
              ? Map.of(
                  HttpHeaders.RETRY_AFTER,
                  header("Seconds to wait, if an answer can still come.", "integer", 1)
                      .required(false))
              : Map.of();
    };
  }

  private static Header header(String description, String type, Object example) {
    return ApiDescription.header(description, type, example, true);
  }

  /// The shape that all problems share.
  static Schema<?> schema() {
    return typed("object")
        .description("A problem detail as of RFC 9457.")
        .addProperty(
            "type", described("string", "A stable name to branch on.").format("uri-reference"))
        .addProperty("title", described("string", "The kind of problem in words."))
        .addProperty(
            "status",
            described("integer", "The status of the response.")
                .minimum(BigDecimal.valueOf(400))
                .maximum(BigDecimal.valueOf(599)))
        .addProperty(
            "detail", described("string", "What happened, to what, and against which limit."))
        .addProperty("instance", described("string", "The path asked for.").format("uri-reference"))
        .addProperty("field", described("string", "The field, header or parameter that is wrong."))
        .addProperty("found", described("string", "What was found there."))
        .addProperty(
            "accepted", described("array", "What would be accepted.").items(typed("string")))
        .addProperty("limit", described("integer", "The limit that was passed.").format("int64"))
        .addProperty("next", described("string", "What to do now."))
        .required(List.of("type", "title", "status", "detail"))
        .additionalProperties(false);
  }

  private static Schema<Object> described(String type, String description) {
    Schema<Object> schema = typed(type);
    schema.setDescription(description);
    return schema;
  }

  /// A schema of one type. OpenAPI 3.1 writes the set of types and not the single one.
  static Schema<Object> typed(String type) {
    var schema = new Schema<Object>();
    schema.setTypes(new LinkedHashSet<>(Set.of(type)));
    return schema;
  }
}
