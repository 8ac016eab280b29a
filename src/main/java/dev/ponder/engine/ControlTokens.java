package dev.ponder.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes plain text of control tokens in what a user wrote. A server's tokenizer knows them by
/// their text, so a user could end his own message and write the assistant's otherwise.
public final class ControlTokens {

  /// Control tokens of ChatML, Llama 3, Gemma, Mistral and their kin, and the tags of a thought.
  private static final Pattern CONTROL =
      Pattern.compile("<\\|[^|<>\\s]{1,64}\\|>|</?think>|<(start|end)_of_turn>|\\[/?INST]");

  private ControlTokens() {}

  /// The text with a blank after the first sign of each control token.
  ///
  /// @param more tokens of the model that are none of the usual ones; shorter than three characters
  ///     they are left alone
  public static String harmless(String text, String... more) {
    Matcher matcher = CONTROL.matcher(text);
    String result = matcher.replaceAll(found -> Matcher.quoteReplacement(broken(found.group())));
    for (String token : more) {
      if (token.length() > 2) {
        result = result.replace(token, broken(token));
      }
    }
    return result;
  }

  private static String broken(String token) {
    return token.charAt(0) + " " + token.substring(1);
  }
}
