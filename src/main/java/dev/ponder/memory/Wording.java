package dev.ponder.memory;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;

/// What the fact check takes for the same writing of the same thing.
public final class Wording {

  private static final Pattern GROUPED =
      Pattern.compile("(?<=\\d)[\\u00a0\\u2009\\u202f'’_](?=\\d{3}(?!\\d))");
  private static final Pattern BLANKS = Pattern.compile("[\\u00a0\\u2009\\u202f\\t]");
  private static final Pattern MINUS = Pattern.compile("[\\u2212\\u2012\\u2013]");

  private static final int MOST_MARKS = 30;
  private static final char JOINER = '\u034f';

  /// Longer than any word of [#PLAIN].
  private static final int LONGEST_PLAIN = 16;

  /// Words that are no unit after a number and no name at the beginning of a sentence. English:
  /// a word of another language counts as content, which makes the check stricter, never laxer.
  private static final Set<String> PLAIN =
      new HashSet<>(
          List.of(
              ("a an the this that these those there here it its he she they we you i is are was were be"
                      + " been being am do does did done has have had having can could may might will"
                      + " would shall should must need needs not no nor none never neither either and"
                      + " or but so then thus hence therefore because since as if when where while for"
                      + " from to of in on at by with without within into onto over under above below"
                      + " up down out off per than like about between among before after again also"
                      + " only just even still already yet once each every all any both some more most"
                      + " less least fewer other another such same own very too much many few what"
                      + " which who whom whose how why first next last finally now let given first"
                      + " total result answer known asked plan key left remain remains remaining gives"
                      + " give makes make equals equal plus minus times divided step hold holds wait"
                      + " however instead although though unless until whether rather well celsius fahrenheit")
                  .split(" +")));

  private Wording() {}

  /// The text with one way of writing minus signs, blanks and grouped digits, and with accents in
  /// one form.
  ///
  /// @throws CancellationException if its thread is interrupted
  public static String plain(String text) {
    stopIfInterrupted();
    String composed = Normalizer.normalize(streamSafe(text), Normalizer.Form.NFC);
    String joined = GROUPED.matcher(composed).replaceAll("");
    return MINUS.matcher(BLANKS.matcher(joined).replaceAll(" ")).replaceAll("-");
  }

  /// A normalizer sorts the marks on one letter, which takes the square of their number. No writing
  /// has thirty: Unicode's stream-safe format puts a joiner after so many, and sorts no further.
  private static String streamSafe(String text) {
    StringBuilder safe = null;
    int marks = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int type = c < 0x300 ? Character.UNASSIGNED : Character.getType(text.codePointAt(i));
      boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
      boolean half = Character.isLowSurrogate(c);
      marks = mark ? marks + 1 : half ? marks : 0;
      if (marks > MOST_MARKS && safe == null) {
        safe = new StringBuilder(text.length() + text.length() / MOST_MARKS).append(text, 0, i);
      }
      if (safe != null) {
        if (marks > MOST_MARKS) {
          safe.append(JOINER);
          marks = 1;
        }
        safe.append(c);
      }
    }
    return safe == null ? text : safe.toString();
  }

  /// The beginning of a text that is longer than so many characters.
  public static String brief(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int cut = Character.isLowSurrogate(text.charAt(most - 1)) ? 2 : 1;
    return text.substring(0, most - cut) + "…";
  }

  /// What reads a long text asks this now and then, so that whoever waits for it can end it.
  ///
  /// @throws CancellationException if the thread is interrupted; it stays so
  public static void stopIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("The reading of a text was interrupted.");
    }
  }

  public static boolean isPlainWord(String word) {
    return word.length() <= LONGEST_PLAIN && PLAIN.contains(word.toLowerCase(Locale.ROOT));
  }

  /// What different forms of a word have in common: enough to know it again.
  public static String stem(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    for (String ending : new String[] {"ies", "ing", "ed", "es", "s", "y"}) {
      if (lower.endsWith(ending) && lower.length() - ending.length() >= 3) {
        return lower.substring(0, lower.length() - ending.length());
      }
    }
    return lower;
  }
}
