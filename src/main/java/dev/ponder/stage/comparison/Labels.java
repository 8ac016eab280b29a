package dev.ponder.stage.comparison;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What models put around an answer: `Answer: 13`, `So the final answer is 13`, `答案：13`,
/// `B is correct`.
final class Labels {

  /// Labels in front of labels: "Final answer: The answer is 13".
  private static final int MOST = 5;

  private static final String NOUN =
      "(?:answers?|ans|results?|solutions?|conclusion|candidate|value|total|output)";

  private static final List<Pattern> IN_FRONT =
      List.of(
          pattern(
              "(?:so|thus|therefore|hence|then|finally|overall|in (?:conclusion|summary|total)"
                  + "|ok(?:ay)?|well|(?:and )?so|conclusively)(?:,\\s*+|:\\s*+|\\s++(?=the\\b|my\\b|it\\b|there\\b|we\\b|i\\b|x\\b|\\S++ =))"),
          pattern(
              "(?:(?:the|my|our|its?)\\s++)?+(?:(?:final|correct|right|best|exact|numerical|short|only|overall)\\s++){0,2}+"
                  + NOUN
                  + "(?:\\s++(?:to|of) (?:the|this) (?:question|problem|puzzle))?+"
                  + "(?:\\s*+(?::|=|-(?=\\s)|→)|\\s++(?:is|are|was|would be|will be|must be|should be|equals|comes to|therefore is|is therefore)\\b\\s*+[:=]?+)\\s*+"),
          pattern(
              "(?:the\\s++)?+(?:correct|right|best|final)\\s++(?:option|choice|one|alternative|letter)\\s*+(?:is\\b|:)\\s*+"),
          pattern("final answer\\s++"),
          pattern(
              "(?:(?:die|das|la|le|el|the)\\s++)?+(?:antwort|ergebnis|lösung|endergebnis|réponse|reponse|résultat|respuesta|resultado|risposta|resposta|ответ)"
                  + "\\s*+(?::|=|\\s(?:ist|lautet|est|es|é)\\b:?+)\\s*+"),
          pattern("(?:最终答案|最後の答え|答案|答え|解答|结果|結果|答|정답|답)(?:是|为|為|は|[:=])\\s*+[:=]?+\\s*+"),
          pattern(
              "(?:it is|it's|that is|that's|this is|there (?:are|is)|we get|i get|we have|which is|this gives|giving|i think it is|equals)\\b(?! not\\b|n't)\\s*+:?+\\s*+"),
          pattern("[=:→∴]\\s*+"));

  private static final Pattern BEHIND =
      pattern(
          "\\s++(?:is|are)\\s++(?:(?:the|my|our)\\s++)?+(?:(?:final|correct|right|best)\\s*+){0,2}+(?:answer|result|solution|option|choice)?+"
              + "$|\\s*+\\((?:final )?(?:answer|exact|exactly)\\)$");

  private Labels() {}

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  static String without(String text) {
    String rest = text;
    for (int i = 0; i < MOST; i++) {
      String before = rest;
      for (Pattern label : IN_FRONT) {
        Matcher found = label.matcher(rest);
        if (found.lookingAt() && found.end() < rest.length()) {
          rest = PlainText.bare(rest.substring(found.end()));
        }
      }
      if (rest.equals(before)) {
        break;
      }
    }
    return behind(rest);
  }

  /// "B is correct": only behind a short answer, for a sentence can end like this too.
  private static String behind(String text) {
    if (text.length() > 200) {
      return text;
    }
    Matcher found = BEHIND.matcher(text);
    boolean label =
        found.find()
            && found.start() > 0
            && found.end() > found.start() + 4
            && text.substring(0, found.start()).split(" ").length <= 3
            && text.substring(found.start())
                .matches(".*(?i:answer|result|solution|option|choice|correct|right|exact).*");
    return label ? PlainText.bare(text.substring(0, found.start())) : text;
  }
}
