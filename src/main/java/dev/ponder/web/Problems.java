package dev.ponder.web;

import dev.ponder.web.BodyLimit.BodyTooLarge;
import java.io.EOFException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.MethodParameter;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.dao.UncategorizedDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/// The one place where a failure becomes a problem.
@Component
class Problems {

  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  /// How deep a cause may hide. A chain of causes can be a circle.
  private static final int CAUSES = 20;

  /// SQLSTATE `disk_full`.
  private static final String DISK_FULL = "53100";

  /// The problem that a failure is. One that the client cannot know of is logged here, and only
  /// here.
  Problem of(Throwable failure) {
    Optional<BodyTooLarge> tooLarge = cause(failure, BodyTooLarge.class);
    if (tooLarge.isPresent()) {
      return tooLarge.get().problem();
    }
    Optional<ClientTooSlow> tooSlow = cause(failure, ClientTooSlow.class);
    if (tooSlow.isPresent()) {
      return Problem.of(ProblemType.BODY_TOO_SLOW, tooSlow.get().getMessage())
          .next("Send the whole body at once.");
    }
    return switch (failure) {
      case Refusal refusal -> told(refusal);
      case HttpMessageNotReadableException unreadable ->
          cause(unreadable, JacksonException.class)
              .map(BodyProblems::of)
              .orElseGet(BodyProblems::missing);
      case ErrorResponse response -> of(failure, response);
      case MethodArgumentTypeMismatchException mismatch -> mismatch(mismatch);
      case DataAccessResourceFailureException e -> unavailable(failure);
      case TransientDataAccessException e -> unavailable(failure);
      case CannotCreateTransactionException e -> unavailable(failure);
      // A connection that breaks while its transaction ends comes out as one of these.
      case UncategorizedDataAccessException e -> unavailable(failure);
      case TransactionSystemException e -> unavailable(failure);
      default -> refusedByContainer(failure).orElseGet(() -> internal(failure));
    };
  }

  private static Problem told(Refusal failure) {
    Problem problem = failure.problem();
    if (problem.status() >= 500) {
      log.error("{}", problem.detail());
    }
    return problem;
  }

  private Problem of(Throwable failure, ErrorResponse response) {
    return switch (failure) {
      case HttpRequestMethodNotSupportedException method -> methodNotAllowed(method);
      case HttpMediaTypeNotSupportedException type ->
          Problem.of(
                  ProblemType.UNSUPPORTED_MEDIA_TYPE,
                  type.getContentType() == null
                      ? "The body has no readable Content-Type."
                      : "The operation reads no '%s'.".formatted(type.getContentType()))
              .field(HttpHeaders.CONTENT_TYPE)
              .accepted(type.getSupportedMediaTypes().stream().map(Object::toString).toList());
      case HttpMediaTypeNotAcceptableException type ->
          Problem.of(
                  ProblemType.NOT_ACCEPTABLE,
                  "The operation cannot answer with a type that Accept names.")
              .field(HttpHeaders.ACCEPT)
              .accepted(type.getSupportedMediaTypes().stream().map(Object::toString).toList());
      case NoResourceFoundException e -> unknownPath();
      case NoHandlerFoundException e -> unknownPath();
      case MissingRequestHeaderException header ->
          Problem.of(
                  ProblemType.INVALID_REQUEST,
                  "The header %s is missing.".formatted(header.getHeaderName()))
              .field(header.getHeaderName());
      case MissingServletRequestParameterException parameter ->
          Problem.of(
                  ProblemType.INVALID_REQUEST,
                  "The parameter '%s' is missing.".formatted(parameter.getParameterName()))
              .field(parameter.getParameterName());
      case HandlerMethodValidationException invalid -> invalid(invalid);
      default -> byStatus(failure, response.getStatusCode(), response.getBody().getDetail());
    };
  }

  static Problem unknownPath() {
    return Problem.of(ProblemType.UNKNOWN_PATH, "There is nothing at this path.")
        .next("GET /v3/api-docs describes every path there is.");
  }

  /// A problem for a status that another part of the service or the container chose.
  Problem byStatus(
      @Nullable Throwable failure, HttpStatusCode chosen, @Nullable String explanation) {
    int status = chosen.value();
    if (status == ProblemType.UNAVAILABLE.status()) {
      return unavailable(failure);
    }
    if (status >= 500) {
      return internal(failure);
    }
    if (status == ProblemType.UNKNOWN_PATH.status()) {
      Problem unknown = unknownPath();
      return explanation == null ? unknown : Problem.of(ProblemType.UNKNOWN_PATH, explanation);
    }
    ProblemType type =
        Arrays.stream(ProblemType.values())
            .filter(known -> known.status() == status && status != 400 && status != 409)
            .findFirst()
            .orElse(ProblemType.REFUSED);
    return Problem.of(type, explanation == null ? type.title() + "." : explanation).status(status);
  }

  private static Problem methodNotAllowed(HttpRequestMethodNotSupportedException method) {
    List<String> supported =
        method.getSupportedMethods() == null
            ? List.of()
            : Stream.of(method.getSupportedMethods()).sorted().toList();
    return Problem.of(
            ProblemType.METHOD_NOT_ALLOWED,
            "The path has no method %s.".formatted(method.getMethod()))
        .found(method.getMethod())
        .accepted(supported)
        .header(HttpHeaders.ALLOW, String.join(", ", supported));
  }

  private static Problem mismatch(MethodArgumentTypeMismatchException mismatch) {
    Class<?> wanted = mismatch.getRequiredType();
    boolean number = wanted == int.class || wanted == Integer.class || wanted == long.class;
    return Problem.of(
            ProblemType.INVALID_REQUEST,
            "The parameter '%s' is '%s' and has to be %s."
                .formatted(
                    mismatch.getName(),
                    mismatch.getValue(),
                    number ? "a whole number" : "of another type"))
        .field(mismatch.getName());
  }

  private static Problem invalid(HandlerMethodValidationException invalid) {
    var first = invalid.getParameterValidationResults().stream().findFirst();
    if (first.isEmpty()) {
      return Problem.of(ProblemType.INVALID_REQUEST, "A parameter is out of its limits.");
    }
    MethodParameter parameter = first.get().getMethodParameter();
    String name = Optional.ofNullable(parameter.getParameterName()).orElse("parameter");
    String rule =
        Optional.ofNullable(first.get().getResolvableErrors().getFirst().getDefaultMessage())
            .orElse("is out of its limits");
    return Problem.of(
            ProblemType.INVALID_REQUEST,
            "The parameter '%s' is %s: it %s.".formatted(name, first.get().getArgument(), rule))
        .field(name);
  }

  private static Problem unavailable(@Nullable Throwable failure) {
    Optional<SQLException> full =
        cause(failure, SQLException.class).filter(e -> DISK_FULL.equals(e.getSQLState()));
    if (full.isPresent()) {
      return diskFull(full.get());
    }
    log.warn("A request was refused with 503: {}", reason(failure));
    log.debug("What kept it from being answered", failure);
    return Problem.of(
            ProblemType.UNAVAILABLE,
            "The service cannot reach its database or is too busy just now. Nothing is lost.")
        .next("Try again in a few seconds; with an Idempotency-Key a submission is safe to repeat.")
        .header(HttpHeaders.RETRY_AFTER, "5");
  }

  private static Problem diskFull(SQLException full) {
    String message = String.valueOf(full.getMessage()).lines().findFirst().orElse("");
    log.warn("A request was refused with 507: {}", message);
    return Problem.of(ProblemType.STORAGE_FULL, "Refused: the database has no room. " + message)
        .next("What was accepted goes on by itself when there is room.");
  }

  /// The innermost cause in a line. While a database is away every request that needs it comes
  /// here.
  private static String reason(@Nullable Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause)
        .limit(CAUSES)
        .reduce((outer, inner) -> inner)
        .map(root -> root.toString().lines().findFirst().orElse(""))
        .orElse("the container is busy");
  }

  private static Problem internal(@Nullable Throwable failure) {
    log.error("A request ended with 500", failure);
    return Problem.of(
        ProblemType.INTERNAL_ERROR,
        "The service made a mistake, and its log says more. Jobs that were accepted go on.");
  }

  /// Jetty tells a request it cannot read by exceptions that have a status; one that its client
  /// breaks off ends in an [EOFException].
  private Optional<Problem> refusedByContainer(Throwable failure) {
    return cause(failure, EOFException.class)
        .map(e -> true)
        .or(() -> cause(failure, HttpException.class).map(e -> e.getCode() < 500))
        .filter(ofTheClient -> ofTheClient)
        .map(
            e ->
                Problem.of(
                    ProblemType.INVALID_REQUEST,
                    "The request cannot be read: its parameters or its body are not well-formed."));
  }

  private static <T> Optional<T> cause(@Nullable Throwable failure, Class<T> kind) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause)
        .limit(CAUSES)
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst();
  }
}
