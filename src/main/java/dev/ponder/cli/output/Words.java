package dev.ponder.cli.output;

import dev.ponder.cli.output.JobView.StageView;
import dev.ponder.text.Visible;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Numbers and names as a person reads them.
public final class Words {

  private Words() {}

  public static String stage(String name) {
    return name.replace('_', ' ');
  }

  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// A number with its thousands apart, or nothing.
  public static String countIfKnown(JsonNode item, String field) {
    return item.path(field).isNumber() ? count(Json.number(item, field)) : "";
  }

  /// How long ago something was, roughly.
  public static String age(Duration age) {
    if (age.toMinutes() < 1) {
      return Math.max(0, age.toSeconds()) + " s ago";
    }
    if (age.toHours() < 1) {
      return age.toMinutes() + " min ago";
    }
    return age.toDays() < 2 ? age.toHours() + " h ago" : count(age.toDays()) + " days ago";
  }

  /// A text on one line.
  public static String line(String text) {
    return Visible.line(text.strip().replaceAll("\\s+", " "));
  }

  public static String cut(String text, int widest) {
    String line = line(text);
    if (line.length() <= widest) {
      return line;
    }
    // Half of a surrogate pair is not a character.
    int end = Character.isHighSurrogate(line.charAt(widest - 2)) ? widest - 2 : widest - 1;
    return line.substring(0, end) + "…";
  }

  /// A size as disks and downloads are labelled.
  public static String bytes(long bytes) {
    if (bytes < 1_000_000) {
      return count(bytes) + " bytes";
    }
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }

  public static String tokens(long tokens) {
    return count(tokens) + (tokens == 1 ? " token" : " tokens");
  }

  public static String tokens(long tokens, long budget) {
    return budget > 0 ? count(tokens) + " of " + tokens(budget) : tokens(tokens);
  }

  /// Tokens, and how fast if that is known.
  static String written(long tokens, double tokensPerSecond) {
    return tokens(tokens) + (tokensPerSecond > 0 ? ", " + speed(tokensPerSecond) : "");
  }

  public static String speed(double tokensPerSecond) {
    String pattern = tokensPerSecond < 100 ? "%.1f tokens/s" : "%,.0f tokens/s";
    return String.format(Locale.ROOT, pattern, tokensPerSecond);
  }

  /// The speed of a stage: of its branches together where the service says it, else of the job.
  static double speedOf(JobView job, StageView stage) {
    double branches = stage.tokensPerSecond();
    return branches > 0 ? branches : job.tokensPerSecond();
  }

  public static String clock(Duration time) {
    return String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
  }

  public static String seconds(Duration time) {
    return time.toMinutes() > 0
        ? (time.toSecondsPart() == 0 ? Long.toString(time.toMinutes()) : clock(time)) + " min"
        : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  public static String confidence(double confidence) {
    String word =
        confidence >= 0.9
            ? "very high"
            : confidence >= 0.75
                ? "high"
                : confidence >= 0.5 ? "fair" : confidence >= 0.25 ? "low" : "very low";
    return word + String.format(Locale.ROOT, " (%.2f)", confidence);
  }
}
