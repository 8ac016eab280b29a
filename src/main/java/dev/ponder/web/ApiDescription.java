package dev.ponder.web;

import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/// Completes the served description with what all operations have in common: problems, headers, the
/// key, and an example of each body from `openapi/<schema>.json`.
@Configuration(proxyBeanMethods = false)
public class ApiDescription {

  /// The header of an answer to a repeated submission.
  public static final String IDEMPOTENCY_REPLAYED = "Idempotency-Replayed";

  private static final String PROBLEM_JSON =
      org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;
  private static final String KEY = "apiKey";

  /// Whatever lies below can be asked of a job that is not there, in whichever package it is read.
  private static final String ONE_JOB = "/v1/jobs/{id}";

  /// What any operation can answer with, whatever it does.
  private static final Set<ProblemType> ANYWHERE =
      EnumSet.of(
          ProblemType.INVALID_REQUEST,
          ProblemType.REFUSED,
          ProblemType.UNAUTHORIZED,
          ProblemType.TOO_MANY_WRONG_KEYS,
          ProblemType.CROSS_SITE,
          ProblemType.UNKNOWN_HOST,
          ProblemType.METHOD_NOT_ALLOWED,
          ProblemType.NOT_ACCEPTABLE,
          ProblemType.BODY_TOO_SLOW,
          ProblemType.BODY_TOO_LARGE,
          ProblemType.INTERNAL_ERROR,
          ProblemType.UNAVAILABLE);

  /// Adds the problems that follow from the operation's parameters or that its [Fails] names to
  /// those that happen anywhere.
  @Bean
  OperationCustomizer problemsOfOperations() {
    return (operation, handler) -> {
      var types = EnumSet.copyOf(ANYWHERE);
      types.addAll(byParameters(handler));
      Fails own = handler.getMethodAnnotation(Fails.class);
      if (own != null) {
        types.addAll(Arrays.asList(own.value()));
      }
      types.stream()
          .collect(Collectors.groupingBy(ProblemType::status, TreeMap::new, Collectors.toList()))
          .forEach(
              (status, same) ->
                  operation
                      .getResponses()
                      .addApiResponse(status.toString(), ProblemResponses.of(status, same)));
      return operation;
    };
  }

  private static Set<ProblemType> byParameters(HandlerMethod handler) {
    var types = EnumSet.noneOf(ProblemType.class);
    for (MethodParameter parameter : handler.getMethodParameters()) {
      if (parameter.hasParameterAnnotation(RequestBody.class)) {
        types.add(ProblemType.MALFORMED_BODY);
        types.add(ProblemType.UNSUPPORTED_MEDIA_TYPE);
      }
      if (parameter.hasParameterAnnotation(RequestParam.class)
          && "cursor".equals(parameter.getParameter().getName())) {
        types.add(ProblemType.INVALID_CURSOR);
      }
    }
    return types;
  }

  @Bean
  OpenApiCustomizer everythingInCommon() {
    return api -> {
      describe(api);
      headers(api.getComponents());
      api.getComponents().addSchemas("Problem", ProblemResponses.schema());
      api.getPaths().forEach(ApiDescription::complete);
    };
  }

  private static void complete(String path, PathItem item) {
    for (Operation operation : item.readOperations()) {
      // One that has other things which can be missing names them all.
      if (path.startsWith(ONE_JOB) && !operation.getResponses().containsKey("404")) {
        operation
            .getResponses()
            .addApiResponse("404", ProblemResponses.of(404, List.of(ProblemType.UNKNOWN_JOB)));
      }
      complete(operation);
    }
  }

  private static void describe(OpenAPI api) {
    api.info(
        new Info()
            .title("Ponder")
            .version("1")
            .description(
                """
                Lets a reasoning model think about a prompt for up to thirty minutes and never loses a thought. \
                Submit a job, follow it until its status is final, and get its answer. \
                Every failure is a problem detail (RFC 9457). \
                HEAD works wherever GET does, and OPTIONS names the methods of a path.""")
            .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
    api.servers(List.of(new Server().url("/").description("This service")));
    api.getComponents()
        .addSecuritySchemes(
            KEY,
            new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description(
                    "A key that `./ponder keys create` has made, or of ponder.api-keys. Without keys the API is open."));
    api.security(List.of(new SecurityRequirement().addList(KEY), new SecurityRequirement()));
  }

  private static void headers(Components components) {
    components
        .addHeaders(
            "Location",
            header("Where to follow the job.", "string", "/v1/jobs/" + ProblemResponses.JOB, true))
        .addHeaders(
            "Retry-After", header("Seconds to wait before looking at the job.", "integer", 1, true))
        .addHeaders(
            "Retry-After-While-Open",
            header(
                "Seconds to wait before looking again; absent once it is over.",
                "integer",
                1,
                false))
        .addHeaders(
            "ETag",
            header(
                "Names this representation, for If-None-Match.",
                "string",
                "\"3f2a9c0d51e84b7a6c1d2e3f\"",
                true))
        .addHeaders(
            IDEMPOTENCY_REPLAYED,
            header(
                "Present, and true, if the key had accepted the job before.",
                "string",
                "true",
                false));
  }

  static Header header(String description, String type, Object example, boolean required) {
    return new Header()
        .description(description)
        .required(required)
        .schema(ProblemResponses.typed(type))
        .example(example);
  }

  private static void complete(Operation operation) {
    if (operation.getParameters() != null) {
      operation.getParameters().stream()
          .filter(parameter -> "id".equals(parameter.getName()) && "path".equals(parameter.getIn()))
          .forEach(
              id ->
                  id.description("The job's id.")
                      .schema(ProblemResponses.typed("string").format("uuid"))
                      .example(ProblemResponses.JOB));
    }
    if (operation.getRequestBody() != null) {
      examples(operation.getRequestBody().getContent());
    }
    operation.getResponses().forEach(ApiDescription::withoutDefaults);
    operation.getResponses().values().stream()
        .map(ApiResponse::getContent)
        .filter(content -> content != null)
        .forEach(ApiDescription::examples);
  }

  /// The library guesses a body where the method's type has one, and a style beside a reference.
  private static void withoutDefaults(String status, ApiResponse response) {
    if (status.equals("204") || status.equals("304")) {
      response.setContent(null);
    }
    if (response.getHeaders() != null) {
      response.getHeaders().values().stream()
          .filter(header -> header.get$ref() != null)
          .forEach(header -> header.setStyle(null));
    }
  }

  private static void examples(Content content) {
    content.forEach(
        (type, media) -> {
          if (!type.equals(PROBLEM_JSON) && media.getExample() == null) {
            example(media);
          }
        });
  }

  private static void example(MediaType media) {
    if (media.getSchema() == null || media.getSchema().get$ref() == null) {
      return;
    }
    String ref = media.getSchema().get$ref();
    String name = ref.substring(ref.lastIndexOf('/') + 1);
    try (InputStream file =
        ApiDescription.class.getResourceAsStream("/openapi/" + name + ".json")) {
      if (file != null) {
        Object value = Json31.mapper().readValue(file, Object.class);
        media.addExamples(name, new Example().value(value));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("openapi/" + name + ".json is not readable", e);
    }
  }
}
