package dev.ponder.engine;

import dev.ponder.engine.text.WholeCharacters;
import java.util.regex.Pattern;

/// What a server said, fit for a sentence of ours: one line, without markup, and without what looks
/// like a secret.
public final class Quote {

  private static final int CHARACTERS_MAX = 300;

  /// A page can be long, and says what it has to say early.
  private static final int READ_MAX = 8_192;

  private static final String HIDDEN = "•••";

  // None of them can begin inside its own match, so each is as fast as the text is long.
  private static final Pattern UNSEEN =
      Pattern.compile("(?is)<(style|script)\\b[^<]*+(?:<(?!/\\1)[^<]*+)*+(?:</\\1\\s*+>)?");
  private static final Pattern TAG = Pattern.compile("</?[a-zA-Z!][^<>]*+>");
  private static final Pattern BLANKS = Pattern.compile("[\\p{Cc}\\p{Cf}\\s]++");
  private static final Pattern USER = Pattern.compile("://[^/\\s@]++@");
  private static final Pattern SECRET =
      Pattern.compile("(?i)\\b(bearer |(?:sk|pk|key|hf|gsk|xai|nvapi)[-_])[\\w.\\-]{8,}+");

  private static final Pattern QUERY =
      Pattern.compile("(?i)([?&][\\w-]*(?:key|token|secret|password|sig|signature)=)[^&\\s'\"]++");

  private Quote() {}

  /// The text of a body.
  public static String of(byte[] body) {
    return of(WholeCharacters.decode(body, Math.min(body.length, 4 * READ_MAX)));
  }

  /// @return empty if nothing can be read in it
  public static String of(String said) {
    String text = said.substring(0, Math.min(said.length(), READ_MAX));
    if (text.indexOf('<') >= 0) {
      text = TAG.matcher(UNSEEN.matcher(text).replaceAll(" ")).replaceAll(" ");
      text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">");
      text = text.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    }
    WholeCharacters characters = new WholeCharacters();
    text = characters.accept(text) + characters.end();
    text = BLANKS.matcher(text).replaceAll(" ").strip();
    text = USER.matcher(text).replaceAll("://" + HIDDEN + "@");
    text = QUERY.matcher(text).replaceAll("$1" + HIDDEN);
    text = SECRET.matcher(text).replaceAll("$1" + HIDDEN);
    return shortened(text);
  }

  /// As much of a text as a sentence bears, whole characters all.
  private static String shortened(String text) {
    if (text.length() <= CHARACTERS_MAX) {
      return text;
    }
    int end = CHARACTERS_MAX - 1;
    end -= Character.isHighSurrogate(text.charAt(end - 1)) ? 1 : 0;
    return text.substring(0, end).stripTrailing() + "…";
  }
}
