package dev.ponder.web;

import dev.ponder.text.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Says what is wrong with a body of JSON.
final class BodyProblems {

  private BodyProblems() {}

  static Problem missing() {
    return Problem.of(ProblemType.MALFORMED_BODY, "The body is missing. Send a JSON object.");
  }

  static Problem of(JacksonException problem) {
    return switch (problem) {
      case UnrecognizedPropertyException unknown -> unknownField(unknown);
      case StreamConstraintsException constraint ->
          Problem.of(
              ProblemType.MALFORMED_BODY,
              "The body passes a limit of JSON%s: %s."
                  .formatted(place(constraint), firstSentence(constraint)));
      case InputCoercionException number -> wrongType(number, number.getTargetType());
      case StreamReadException broken ->
          Problem.of(
              ProblemType.MALFORMED_BODY,
              "The body is not JSON%s: %s.".formatted(place(broken), firstSentence(broken)));
      case MismatchedInputException mismatch -> mismatch(mismatch);
      default ->
          Problem.of(
              ProblemType.MALFORMED_BODY, "The body cannot be read%s.".formatted(place(problem)));
    };
  }

  private static Problem unknownField(UnrecognizedPropertyException unknown) {
    String name = unknown.getPropertyName();
    Collection<Object> ids = unknown.getKnownPropertyIds();
    List<String> known = ids == null ? List.of() : ids.stream().map(String::valueOf).toList();
    String suggestion = Nearest.question(name, known);
    return Problem.of(
            ProblemType.INVALID_REQUEST,
            "There is no field '%s'.%s Accepted: %s."
                .formatted(name, suggestion, String.join(", ", known)))
        .field(path(unknown))
        .accepted(known);
  }

  private static Problem mismatch(MismatchedInputException mismatch) {
    if (mismatch.getPath().isEmpty() && mismatch.getOriginalMessage().startsWith("Trailing")) {
      return Problem.of(
          ProblemType.MALFORMED_BODY,
          "The body goes on after its JSON object%s. Send one object.".formatted(place(mismatch)));
    }
    if (mismatch.getPath().isEmpty() && mismatch.getOriginalMessage().startsWith("No content")) {
      return missing();
    }
    return wrongType(mismatch, mismatch.getTargetType());
  }

  private static Problem wrongType(JacksonException problem, @Nullable Class<?> target) {
    String field = path(problem);
    String subject = field == null ? "The body" : "The field '" + field + "'";
    return Problem.of(
            field == null ? ProblemType.MALFORMED_BODY : ProblemType.INVALID_REQUEST,
            "%s has to be %s%s.".formatted(subject, kind(target), place(problem)))
        .field(field);
  }

  private static String kind(@Nullable Class<?> target) {
    if (target == Long.class || target == long.class) {
      return "a whole number from %d to %d".formatted(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (target == Integer.class || target == int.class) {
      return "a whole number from %d to %d".formatted(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (target == String.class) {
      return "a string";
    }
    if (target == Boolean.class || target == boolean.class) {
      return "true or false";
    }
    if (target != null && Map.class.isAssignableFrom(target)) {
      return "an object whose values are strings";
    }
    if (target != null && Collection.class.isAssignableFrom(target)) {
      return "an array";
    }
    return target != null && target.isRecord() ? "a JSON object" : "of another type";
  }

  private static @Nullable String path(JacksonException problem) {
    String path =
        problem.getPath().stream()
            .map(
                step ->
                    step.getPropertyName() == null
                        ? "[" + step.getIndex() + "]"
                        : "." + step.getPropertyName())
            .collect(Collectors.joining());
    return path.isEmpty() ? null : path.startsWith(".") ? path.substring(1) : path;
  }

  private static String place(JacksonException problem) {
    TokenStreamLocation at = problem.getLocation();
    return at == null || at.getLineNr() < 1
        ? ""
        : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
  }

  /// Jackson explains well but goes on with advice for the programmer of the service.
  private static String firstSentence(JacksonException problem) {
    String message = Optional.ofNullable(problem.getOriginalMessage()).orElse("unreadable");
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    int advice = line.indexOf(" (from `");
    return advice < 0 ? line : line.substring(0, advice);
  }
}
