package dev.ponder.engine.http;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The header `Retry-After`: seconds, or a time.
public final class RetryAfter {

  private static final Duration LONGEST = Duration.ofHours(1);

  private static final Pattern SAID =
      Pattern.compile(
          "(?:try again|retry)(?: again)?[^\\d.]{0,20}(\\d{1,6}(?:\\.\\d{1,6})?)\\s?(ms|s|m|h)?");

  private RetryAfter() {}

  /// The same in a sentence, where a server has no place for a header: `Please try again in 1.5s`.
  ///
  /// @return null if it does not say so
  public static @Nullable Duration in(String sentence) {
    Matcher said = SAID.matcher(sentence.toLowerCase(Locale.ROOT));
    if (!said.find()) {
      return null;
    }
    String unit = said.group(2) == null ? "s" : said.group(2);
    double seconds =
        switch (unit) {
          case "ms" -> 0.001;
          case "m" -> 60;
          case "h" -> 3600;
          default -> 1;
        };
    Duration wait = Duration.ofMillis((long) (Double.parseDouble(said.group(1)) * seconds * 1000));
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  /// @return null if the header is missing or cannot be understood
  public static @Nullable Duration in(HttpHeaders headers, InstantSource now) {
    return headers.firstValue("Retry-After").map(value -> parse(value, now)).orElse(null);
  }

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
