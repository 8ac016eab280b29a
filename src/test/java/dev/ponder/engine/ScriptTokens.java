package dev.ponder.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The tokenizer of the scripted engine: a tag is one token, a word comes in parts of six letters
/// with the blank before it, digits one by one. It looks at nothing but the text ahead, so a text
/// cut between two tokens has the same tokens as the whole.
final class ScriptTokens {

  private static final Pattern TOKEN =
      Pattern.compile("</?think>|[ ]?\\p{L}{1,6}|[ ]?\\p{N}|\\s|.", Pattern.DOTALL);

  private ScriptTokens() {}

  static List<String> of(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }

  static int count(String text) {
    int count = 0;
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      count++;
    }
    return count;
  }

  /// An id that is the same for the same token in every process.
  static int id(String token) {
    return token.hashCode() & Integer.MAX_VALUE;
  }
}
