package dev.ponder.job;

import org.jspecify.annotations.Nullable;

/// Text that every database keeps as it is: PostgreSQL has no character zero, and half a surrogate
/// pair is no character at all.
final class Storable {

  private Storable() {}

  /// @throws JobProblem.InvalidSubmission for the first field that cannot be kept
  static void check(Submission submission) {
    check("prompt", submission.prompt());
    name("pipeline", submission.pipeline(), Submission.PIPELINE_LONGEST);
    name("model", submission.model(), Submission.MODEL_LONGEST);
    submission
        .metadata()
        .forEach(
            (name, value) -> {
              check("metadata", name);
              check("metadata." + name, value);
            });
  }

  private static void name(String field, @Nullable String name, int longest) {
    if (name == null) {
      return;
    }
    check(field, name);
    if (name.isBlank() || name.length() > longest) {
      throw new JobProblem.InvalidSubmission(
          field,
          "%s has %d characters and has to be a name of 1 to %d. Leave it out for the default."
              .formatted(field, name.length(), longest));
    }
  }

  private static void check(String field, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw refused(field, i, "the character NUL");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw refused(field, i, "half a surrogate pair");
      }
    }
  }

  private static JobProblem.InvalidSubmission refused(String field, int at, String what) {
    return new JobProblem.InvalidSubmission(
        field,
        "%s contains %s at position %d, which cannot be stored. Remove it."
            .formatted(field, what, at));
  }
}
