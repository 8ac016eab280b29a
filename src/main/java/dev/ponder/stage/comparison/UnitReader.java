package dev.ponder.stage.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what follows a number: `km/h`, `kilometers per hour`, `square meters`, `gold coins left`.
final class UnitReader {

  private static final int MOST_WORDS = 8;

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\G\\s*+(?:(?<power>\\^\\(?[+-]?\\d\\)?|\\^|(?<=[mM])[23](?!\\d))|(?<sign>[/*()])|(?<word>°[CFcf]?(?!\\p{L})|[%‰¢$€£¥₹₩₽]|US\\$|[\\p{L}°][\\p{L}'-]*+\\.?+)|-(?=\\p{L}))");

  /// Words that say nothing about the thing that is counted.
  private static final Set<String> FILLERS =
      Set.of(
          "in",
          "total",
          "all",
          "altogether",
          "left",
          "remaining",
          "remain",
          "remains",
          "now",
          "the",
          "of",
          "old",
          "long",
          "wide",
          "tall",
          "high",
          "deep",
          "away",
          "apart",
          "overall",
          "only",
          "exactly",
          "whole",
          "units",
          "unit",
          "still",
          "over",
          "pieces",
          "piece",
          "items",
          "item");

  /// With one of these a number means something else: "13 more coins", "13 coins or less".
  private static final Set<String> CHANGING =
      Set.of(
          "more", "fewer", "less", "not", "than", "least", "most", "or", "and", "but", "under",
          "above", "below", "if", "without", "except", "minus", "plus", "times", "is", "are", "was",
          "were", "has", "have", "because", "bc", "bce", "between", "about");

  private final String text;
  private final int variant;
  private final List<Unit> units = new ArrayList<>();
  private final List<String> things = new ArrayList<>();
  private int direction = 1;
  private int raise = 1;

  private UnitReader(String text, int variant) {
    this.text = text;
    this.variant = variant;
  }

  /// The meanings of a phrase; none if it is no unit and no thing.
  static List<Unit> read(String phrase) {
    if (phrase.isBlank()) {
      return List.of(Unit.NONE);
    }
    if (phrase.length() > 120) {
      return List.of();
    }
    var meanings = new ArrayList<Unit>();
    for (int variant = 0; variant < 2; variant++) {
      new UnitReader(joined(phrase), variant)
          .unit()
          .filter(unit -> !meanings.contains(unit))
          .ifPresent(meanings::add);
    }
    return meanings;
  }

  /// Units of several words, as one word.
  private static String joined(String phrase) {
    return phrase
        .replaceAll("(?i)\\bdegrees? (celsius|fahrenheit|centigrade|c|f)\\b", "°$1")
        .replaceAll("(?i)°\\s?(c|celsius|centigrade)\\b", "°C")
        .replaceAll("(?i)°\\s?(f|fahrenheit)\\b", "°F")
        .replaceAll("(?i)\\bper cent\\b", "percent")
        .replaceAll("(?i)\\bper mill?e\\b", "permille")
        .replaceAll(
            "(?i)\\b(nautical|light|watt|astronomical|metric)[ -](miles?|years?|hours?|units?|tons?)\\b",
            "$1$2")
        .replaceAll("(?i)\\b(kilo|mega|giga)watt[ -]?hours?\\b", "$1watthour")
        .replaceAll("(?i)\\bfl(uid|\\.)? ?(ounces?|oz)\\b", "fluidounce")
        .replaceAll("(?i)\\bpounds? sterling\\b", "poundsterling")
        .replaceAll("(?i)\\b(?:us|u\\.s\\.) dollars?\\b", "usdollar");
  }

  private Optional<Unit> unit() {
    Matcher token = TOKEN.matcher(text);
    int end = 0;
    int words = 0;
    while (end < text.length() && token.find()) {
      end = token.end();
      if (token.group("power") != null) {
        if (!raiseLast(token.group("power").replaceAll("[^\\d-]", ""))) {
          return Optional.empty();
        }
      } else if (token.group("sign") != null) {
        direction = token.group("sign").equals("/") ? -1 : direction;
      } else if (token.group("word") != null) {
        if (++words > MOST_WORDS || !word(token.group("word"), text.substring(end))) {
          return Optional.empty();
        }
      }
    }
    if (!text.substring(end).isBlank() || raise != 1) {
      return Optional.empty();
    }
    Unit all = Unit.NONE;
    for (Unit unit : units) {
      all = all.times(unit);
    }
    for (String thing : things) {
      all = all.times(Unit.thing(thing));
    }
    return Optional.of(all);
  }

  private boolean raiseLast(String exponent) {
    if (units.isEmpty() || exponent.isEmpty() || exponent.equals("-")) {
      return false;
    }
    int power = Integer.parseInt(exponent);
    if (power == 0) {
      return false;
    }
    units.add(units.removeLast().power(power));
    return true;
  }

  private boolean word(String written, String rest) {
    String word = written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
    String name = word.toLowerCase(Locale.ROOT);
    switch (name) {
      case "per", "each", "every", "a", "an" -> {
        boolean something = !units.isEmpty() || !things.isEmpty();
        if (name.equals("per") || something && !name.startsWith("e") && isUnit(rest)) {
          direction = -1;
        }
        return something || name.equals("per");
      }
      case "square", "sq" -> raise = 2;
      case "cubic", "cu" -> raise = 3;
      case "squared" -> {
        return raiseLast("2");
      }
      case "cubed" -> {
        return raiseLast("3");
      }
      default -> {
        return unitOrThing(word, name, rest);
      }
    }
    return true;
  }

  private boolean unitOrThing(String word, String name, String rest) {
    List<Unit> meanings = Units.meanings(word);
    boolean preposition = name.equals("in") && !rest.isBlank();
    if (!meanings.isEmpty() && !preposition && things.isEmpty()) {
      Unit meaning = meanings.get(Math.min(variant, meanings.size() - 1));
      units.add(meaning.power(raise * direction));
      direction = 1;
      raise = 1;
      return true;
    }
    if (!meanings.isEmpty() && direction == -1) {
      Unit meaning = meanings.get(Math.min(variant, meanings.size() - 1));
      units.add(meaning.power(raise * direction));
      direction = 1;
      raise = 1;
      return true;
    }
    if (FILLERS.contains(name)) {
      return true;
    }
    if (raise != 1 || CHANGING.contains(name)) {
      return false;
    }
    // One Latin letter is a variable.
    if (word.length() == 1 && word.charAt(0) < 0x250) {
      return false;
    }
    things.add((direction == -1 ? "per " : "") + singular(name));
    direction = 1;
    return true;
  }

  private static boolean isUnit(String rest) {
    String[] words = rest.strip().split("[^\\p{L}]", 2);
    return !Units.meanings(words[0]).isEmpty();
  }

  static String singular(String noun) {
    String bare = noun.replaceAll("'s?$", "");
    if (bare.length() < 4 || bare.endsWith("ss") || bare.endsWith("us") || bare.endsWith("is")) {
      return bare;
    }
    if (bare.endsWith("ies")) {
      return bare.substring(0, bare.length() - 3) + "y";
    }
    if (bare.matches(".*(?:sh|ch|x|ss|zz)es")) {
      return bare.substring(0, bare.length() - 2);
    }
    return bare.endsWith("s") ? bare.substring(0, bare.length() - 1) : bare;
  }
}
