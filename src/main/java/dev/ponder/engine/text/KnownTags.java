package dev.ponder.engine.text;

import dev.ponder.engine.text.ThinkTags.Pair;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What has a meaning in the text of a model: the tags of its thought, the control tokens that a
/// server should have taken out, and the tags that some models put around their answer.
final class KnownTags {

  /// No tag is longer, blanks and the header of a message included.
  static final int LONGEST = 160;

  /// A header of gpt-oss; the parts before the channel are left out by servers that do not print
  /// control tokens.
  private static final String HEADER =
      "(?:<\\|end\\|>\\s{0,2})?(?:<\\|start\\|>\\s{0,2}assistant\\s{0,2})?<\\|channel\\|>\\s{0,2}";

  private static final String MESSAGE = "(?:<\\|constrain\\|>[^<]{0,16})?<\\|message\\|>";

  /// Tokens that begin a text or the turn of an assistant.
  private static final String BEGINNING =
      "<s>|<bos>|<seed:bos>|\\[BOS]|<\\|(?:begin_of_text|startoftext|START_RESPONSE"
          + "|begin_of_solution|CHATBOT_TOKEN|START_OF_TURN_TOKEN|assistant)\\|>"
          + "|<[|｜](?:Assistant|begin▁of▁sentence)[|｜]>"
          + "|<\\|im_start\\|>assistant|<\\|start\\|>assistant"
          + "|<start_of_turn>model|<\\|turn>model"
          + "|<\\|start_header_id\\|>\\s{0,2}assistant\\s{0,2}<\\|end_header_id\\|>";

  /// Tokens that end one, and all others that are written as they are.
  private static final String CONTROL =
      "</s>|<eos>|<pad>|<seed:eos>|<start_of_turn>|<\\|turn>|\\[EOS]|\\[/?INST]|<end_of_turn>|<turn\\|>|<longcat_s>"
          + "|\\[END FINAL RESPONSE]|<\\|[\\w.:-]{1,40}\\|>|<｜[^｜<>\\s]{1,40}｜>";

  private static final String ANSWER = "<(?:answer|response|solution)\\s{0,2}>";
  private static final String ANSWERED = "</\\s{0,2}(?:answer|response|solution)\\s{0,2}>";

  private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
  private static final int NONE = -1;

  private static final Pattern TAG = Pattern.compile("<(/?)([A-Za-z_][\\w:-]*)>");

  // Behind the constants that it is made of.
  private static final KnownTags USUAL = new KnownTags(ThinkTags.USUAL);

  /// What a stretch of text is.
  enum Kind {
    /// Opens a thought.
    OPENING,
    /// Ends a thought.
    CLOSING,
    /// Another message of a thought begins.
    HEADER,
    /// Begins a text.
    BEGINNING,
    /// Ends a text, or means something to a server only.
    CONTROL,
    /// Opens an answer.
    ANSWER,
    /// Ends an answer.
    ANSWERED
  }

  /// @param pair its number, for openings and closings
  record Sign(Kind kind, int pair) {}

  private final List<Pair> pairs;
  private final List<Sign> signs = new ArrayList<>();
  private final Pattern pattern;
  private final BitSet beginnings = new BitSet();

  private KnownTags(ThinkTags tags) {
    pairs = new ArrayList<>(tags.pairs());
    if (!pairs.contains(ThinkTags.CANONICAL)) {
      // It means nothing to the model, but everything to whoever reads the thought.
      pairs.add(ThinkTags.CANONICAL);
    }
    List<String> alternatives = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      boolean headers = pair.isHarmony();
      alternatives.add(headers ? HEADER + "final\\s{0,2}" + MESSAGE : literally(pair.closing()));
      signs.add(new Sign(Kind.CLOSING, i));
      alternatives.add(
          headers
              ? HEADER + "(?:analysis|commentary)[^<]{0,40}" + MESSAGE
              : literally(pair.opening()));
      signs.add(new Sign(headers ? Kind.HEADER : Kind.OPENING, i));
      begins(pair.opening().charAt(0));
      begins(pair.closing().charAt(0));
    }
    alternatives.addAll(List.of(ANSWER, ANSWERED, BEGINNING, CONTROL));
    for (Kind kind : List.of(Kind.ANSWER, Kind.ANSWERED, Kind.BEGINNING, Kind.CONTROL)) {
      signs.add(new Sign(kind, NONE));
    }
    begins('<');
    begins('[');
    pattern = Pattern.compile("(" + String.join(")|(", alternatives) + ")", FLAGS);
  }

  static KnownTags of(ThinkTags tags) {
    return tags.equals(ThinkTags.USUAL) ? USUAL : new KnownTags(tags);
  }

  private void begins(char first) {
    beginnings.set(Character.toLowerCase(first));
    beginnings.set(Character.toUpperCase(first));
  }

  static String literally(String tag) {
    Matcher named = TAG.matcher(tag);
    if (!named.matches()) {
      return Pattern.quote(tag);
    }
    return (named.group(1).isEmpty() ? "<" : "</\\s{0,2}") + named.group(2) + "\\s{0,2}>";
  }

  /// Whether a sign may begin with this.
  boolean begins(CharSequence text, int at) {
    return beginnings.get(text.charAt(at));
  }

  Matcher matcher(CharSequence text) {
    return pattern.matcher(text);
  }

  /// What was found.
  Sign sign(MatchResult found) {
    for (int i = 0; i < signs.size(); i++) {
      if (found.start(i + 1) >= 0) {
        return signs.get(i);
      }
    }
    throw new IllegalStateException("A match without a group: " + found.group());
  }

  Pair pair(int number) {
    return pairs.get(number);
  }

  int pairs() {
    return pairs.size();
  }

  /// Whether the closing tag of a pair is prose, which may stand in any thought.
  boolean isProse(int pair) {
    return Character.isLetter(pairs.get(pair).opening().charAt(0));
  }
}
