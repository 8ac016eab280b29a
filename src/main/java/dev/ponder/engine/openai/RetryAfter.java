package dev.ponder.engine.openai;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// The header `Retry-After`: seconds, or a time.
final class RetryAfter {

  private static final Duration LONGEST = Duration.ofHours(1);

  private RetryAfter() {}

  /// @return null if it cannot be understood
  static @Nullable Duration parse(String value, InstantSource now) {
    String text = value.strip();
    try {
      Duration wait =
          text.matches("\\d{1,9}(\\.\\d{1,9})?")
              ? Duration.ofMillis((long) Math.ceil(Double.parseDouble(text) * 1000))
              : Duration.between(
                  now.instant(),
                  ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
