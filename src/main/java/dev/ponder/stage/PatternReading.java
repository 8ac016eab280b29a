package dev.ponder.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a pattern of a pipeline file reads from a model's text. A pattern that takes more steps
/// than [CountedText] allows, or overflows the stack, reads nothing.
///
/// @param values of its group, in order, without surrounding blanks; empty ones are left out
/// @param stopped why it was stopped; null if it came to its end
record PatternReading(List<String> values, @Nullable String stopped) {

  static PatternReading of(Pattern pattern, String text) {
    List<String> values = new ArrayList<>();
    try {
      Matcher matcher = pattern.matcher(new CountedText(text));
      while (matcher.find()) {
        // A group of an alternative that did not take part is null.
        String value = matcher.group(1);
        if (value != null && !value.isBlank()) {
          values.add(value.strip());
        }
      }
      return new PatternReading(values, null);
    } catch (CountedText.Stopped stopped) {
      return new PatternReading(List.of(), stopped.getMessage());
    } catch (StackOverflowError deep) {
      return new PatternReading(
          List.of(),
          "It repeats a group too often for the stack, in %d characters.".formatted(text.length()));
    }
  }

  /// Whether a pattern is found at all.
  static boolean finds(Pattern pattern, String text) {
    try {
      return pattern.matcher(new CountedText(text)).find();
    } catch (CountedText.Stopped | StackOverflowError stopped) {
      return false;
    }
  }

  /// What stands on the line before the last value, if that has a letter.
  static Optional<String> before(Pattern pattern, String text) {
    String found = null;
    try {
      Matcher matcher = pattern.matcher(new CountedText(text));
      while (matcher.find()) {
        int start = matcher.start(1);
        found = start < 0 ? found : text.substring(text.lastIndexOf('\n', start - 1) + 1, start);
      }
    } catch (CountedText.Stopped | StackOverflowError stopped) {
      return Optional.empty();
    }
    return Optional.ofNullable(found).filter(label -> label.chars().anyMatch(Character::isLetter));
  }

  /// Of several the last, because a model that corrects itself does so at the end.
  Optional<String> last() {
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }
}
