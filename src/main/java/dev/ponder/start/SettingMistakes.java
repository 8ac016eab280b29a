package dev.ponder.start;

import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/// Settings whose value cannot be used, in a sentence each: the name, what was found unless it is a
/// secret, where it comes from, and what is accepted.
final class SettingMistakes {

  private static final int DEEPEST = 20;
  private static final int SHOWN = 200;

  private SettingMistakes() {}

  static CannotStart of(BindException failure) {
    BindException inner = innermost(failure);
    if (inner.getCause() instanceof BindValidationException invalid) {
      return invalid(invalid);
    }
    ConfigurationProperty property = inner.getProperty();
    String name = property == null ? inner.getName().toString() : property.getName().toString();
    String reason = ownWords(inner);
    if (property == null) {
      // A whole record was refused by its constructor, which knows its values.
      String sentence = reason == null ? "cannot be read" : reason;
      return mistake((sentence.startsWith("ponder.") ? "" : name + ": ") + sentence);
    }
    if (reason != null && reason.startsWith("is ")) {
      return mistake(name + origin(property.getOrigin()) + " " + reason);
    }
    Class<?> type = inner.getTarget().getType().resolve(Object.class);
    return mistake(
        "%s is %s%s %s"
            .formatted(
                name,
                shown(name, property.getValue()),
                origin(property.getOrigin()),
                reason != null
                    ? "and cannot be used: " + reason
                    : "and has to be " + accepted(type)));
  }

  /// @param failure says the reason itself
  static CannotStart of(InvalidConfigurationPropertyValueException failure) {
    return mistake(
        "%s is %s and cannot be used. %s"
            .formatted(
                failure.getName(),
                shown(failure.getName(), failure.getValue()),
                failure.getReason()));
  }

  private static CannotStart invalid(BindValidationException invalid) {
    return mistake(
        invalid.getValidationErrors().getAllErrors().stream()
            .map(error -> sentence(invalid.getValidationErrors().getName().toString(), error))
            .collect(Collectors.joining("\n")));
  }

  private static String sentence(String prefix, ObjectError error) {
    if (!(error instanceof FieldError field)) {
      return prefix + ": " + error.getDefaultMessage();
    }
    String name = prefix + "." + dashed(field.getField());
    Origin origin = OriginProvider.class.isInstance(error) ? Origin.from(error) : null;
    return "%s is %s%s and %s"
        .formatted(
            name, shown(name, field.getRejectedValue()), origin(origin), field.getDefaultMessage());
  }

  private static String dashed(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static CannotStart mistake(String sentence) {
    String line = sentence.strip();
    return new CannotStart(
        line.endsWith(".") ? line : line + ".",
        "Change the setting and start again. docs/settings.md lists every setting.");
  }

  private static BindException innermost(BindException failure) {
    BindException inner = failure;
    Throwable cause = failure.getCause();
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof BindException bind) {
        inner = bind;
      }
      cause = cause.getCause();
    }
    return inner;
  }

  /// What a constructor of ours says; not what a converter of the framework says, which repeats the
  /// value.
  private static @Nullable String ownWords(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < DEEPEST; depth++) {
      root = root.getCause();
    }
    boolean ours =
        root instanceof IllegalArgumentException
            && Arrays.stream(root.getStackTrace())
                .limit(3)
                .anyMatch(frame -> frame.getClassName().startsWith("dev.ponder."));
    return ours ? root.getMessage() : null;
  }

  /// A value as it may be printed.
  static String shown(String name, @Nullable Object value) {
    if (Secrets.isSecret(name)) {
      return ApiKey.HIDDEN;
    }
    if (value == null) {
      return "not set";
    }
    String text =
        value instanceof Object[] many
            ? Arrays.stream(many).map(String::valueOf).collect(Collectors.joining(","))
            : value.toString();
    String shown = text.contains("@") ? ServerAddress.shown(text) : text;
    return "'" + (shown.length() <= SHOWN ? shown : shown.substring(0, SHOWN) + "…") + "'";
  }

  private static String origin(@Nullable Origin origin) {
    Origin from = origin;
    if (from instanceof PropertySourceOrigin source && source.getOrigin() != null) {
      from = source.getOrigin();
    }
    return switch (from) {
      case null -> "";
      case PropertySourceOrigin source ->
          switch (source.getPropertySource().getName()) {
            case "commandLineArgs" -> " (from the command line)";
            case "systemEnvironment" -> " (from the environment)";
            default -> "";
          };
      default -> {
        String place = from.toString();
        yield place.startsWith("System Environment Property")
            ? " (from the environment)"
            : place.startsWith("\"") ? "" : " (from " + place + ")";
      }
    };
  }

  private static String accepted(Class<?> type) {
    if (type == Duration.class) {
      return "a duration such as 500ms, 30s, 10m or 7d";
    }
    if (type == DataSize.class) {
      return "a size such as 64MB or 20GB";
    }
    if (List.of(int.class, long.class, Integer.class, Long.class).contains(type)) {
      boolean small = type == int.class || type == Integer.class;
      return "a whole number" + (small ? " up to " + Integer.MAX_VALUE : "");
    }
    if (List.of(double.class, Double.class, float.class, Float.class).contains(type)) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == InetAddress.class) {
      return "an address or a name of this machine, such as 127.0.0.1 or 0.0.0.0";
    }
    if (type == Path.class) {
      return "the path of a file or folder";
    }
    if (type == java.net.URI.class || type == java.net.URL.class) {
      return "an address such as https://example.org";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(it -> it.toString().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
    }
    return "something that can be read as " + type.getSimpleName();
  }
}
