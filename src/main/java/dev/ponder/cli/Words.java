package dev.ponder.cli;

import dev.ponder.cli.JobView.StageView;
import java.time.Duration;
import java.util.Locale;

/// Numbers and names as a person reads them.
final class Words {

  private Words() {}

  static String stage(String name) {
    return name.replace('_', ' ');
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String tokens(long tokens) {
    return count(tokens) + (tokens == 1 ? " token" : " tokens");
  }

  static String tokens(long tokens, long budget) {
    return budget > 0 ? count(tokens) + " of " + tokens(budget) : tokens(tokens);
  }

  static String speed(double tokensPerSecond) {
    String pattern = tokensPerSecond < 100 ? "%.1f tokens/s" : "%,.0f tokens/s";
    return String.format(Locale.ROOT, pattern, tokensPerSecond);
  }

  /// The speed of a stage: of its branches together where the service says it, else of the job.
  static double speedOf(JobView job, StageView stage) {
    double branches = stage.tokensPerSecond();
    return branches > 0 ? branches : job.tokensPerSecond();
  }

  static String clock(Duration time) {
    return String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
  }

  static String seconds(Duration time) {
    return time.toMinutes() > 0
        ? clock(time) + " min"
        : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  static String confidence(double confidence) {
    String word =
        confidence >= 0.9
            ? "very high"
            : confidence >= 0.75
                ? "high"
                : confidence >= 0.5 ? "fair" : confidence >= 0.25 ? "low" : "very low";
    return word + String.format(Locale.ROOT, " (%.2f)", confidence);
  }
}
