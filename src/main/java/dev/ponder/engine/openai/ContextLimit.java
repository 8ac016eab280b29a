package dev.ponder.engine.openai;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds in a refusal how many tokens a model holds: servers say so in words of their own.
final class ContextLimit {

  private static final int READ_MAX = 2_000;
  private static final int LEAST = 64;

  private static final String NUMBER = "(\\d{1,3}(?:[,_]\\d{3})+|\\d{1,9})\\s?(k\\b)?";

  /// The number stands behind the word, with nothing that would make it the length of the request.
  private static final Pattern BEHIND =
      Pattern.compile(
          "(?:context|n_ctx|num_ctx|max_model_len|model_max_length|maximum number of tokens|token limit"
              + "|must be (?:<=|less than|at most)|maximum(?: input)? length|limited to|up to)"
              + "(?:(?!exceed|request|asked|prompt|input|by |over )[^\\d.]){0,48}?"
              + NUMBER);

  /// `32768 maximum context length`, `4096-token context`, `> 200000 maximum`.
  private static final Pattern BEFORE =
      Pattern.compile(
          NUMBER + "[ -]?(?:tokens? )?(?:maximum|context (?:length|size|window)|context\\b)");

  private static final Pattern EXCEEDED =
      Pattern.compile(
          "context[ _-]?(?:length|size|window|limit)|maximum context|n_ctx|max_model_len"
              + "|context of the model|(?:prompt|input|request|message)s? (?:is|are|was) too long"
              + "|(?:too many|maximum number of|number of) (?:input |prompt )?tokens|token count"
              + "|max_new_tokens");

  private ContextLimit() {}

  /// Whether it is about the length of a text at all.
  static boolean exceeded(String message) {
    return EXCEEDED.matcher(message).find();
  }

  static @Nullable Integer in(String message) {
    String said =
        message.substring(0, Math.min(message.length(), READ_MAX)).toLowerCase(Locale.ROOT);
    if (!exceeded(said)) {
      return null;
    }
    Integer behind = first(BEHIND, said);
    return behind == null ? first(BEFORE, said) : behind;
  }

  private static @Nullable Integer first(Pattern pattern, String said) {
    Matcher matcher = pattern.matcher(said);
    while (matcher.find()) {
      long number = Long.parseLong(matcher.group(1).replaceAll("[,_]", ""));
      number *= matcher.group(2) == null ? 1 : 1024;
      if (number >= LEAST && number <= Integer.MAX_VALUE) {
        return (int) number;
      }
    }
    return null;
  }
}
