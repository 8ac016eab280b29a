package dev.ponder.stage.comparison;

import dev.ponder.stage.comparison.Value.Formula;
import dev.ponder.stage.comparison.Value.Hedge;
import dev.ponder.stage.comparison.Value.Hedged;
import dev.ponder.stage.comparison.Value.Items;
import dev.ponder.stage.comparison.Value.Named;
import dev.ponder.stage.comparison.Value.Option;
import dev.ponder.stage.comparison.Value.Quantity;
import dev.ponder.stage.comparison.Value.Ratio;
import dev.ponder.stage.comparison.Value.Shape;
import dev.ponder.stage.comparison.Value.Truth;
import dev.ponder.stage.comparison.Value.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what a plain text denotes. Each reader knows one kind of answer; the first that knows the
/// whole text decides, and it may see several meanings, the likeliest first.
final class ValueReader {

  /// Brackets in brackets; deeper ones are compared as they are written.
  private static final int DEEPEST = 6;

  private static final int LONGEST_TRUTH = 300;
  private static final int MOST_ALTERNATIVES = 8;
  private static final int LONGEST_ALTERNATIVE = 60;

  private static final Pattern TRUTH =
      Pattern.compile(
          "(?i)^(yes|yeah|yep|no|nope|true|false|ja|nein|oui|non|sí|是|否|はい|いいえ)"
              + "(?:$|[,.;:!]\\s*+(.*+)$|\\s-\\s(.*+)$|\\s((?:it|they|he|she|that|this|we|i|you|there)\\s.*+)$)",
          Pattern.DOTALL);
  private static final Set<String> TRUE =
      Set.of("yes", "yeah", "yep", "true", "ja", "oui", "sí", "是", "はい");
  private static final Pattern CONTRAST =
      Pattern.compile(
          "(?i)\\b(?:but|unless|except|however|although|though|if|or|maybe|perhaps|depends|sometimes|usually|mostly|partially|partly|always|necessarily|probably|sure)\\b");
  private static final Pattern NEGATION =
      Pattern.compile("(?i)\\b(?:no|not|never|false)\\b|n't\\b");

  private static final Pattern LETTER =
      Pattern.compile(
          "(?i)^(?:(?:option|choice|alternative|letter|answer)\\s)?[(\\[]?([A-J])[)\\]]?[.:]?$");
  private static final Pattern LETTER_AND_TEXT =
      Pattern.compile(
          "^(?:(?:(?i:option|choice|alternative|letter|answer)\\s)?[(\\[]([A-Ja-j])[)\\]][.:,]?\\s?"
              + "|(?:(?i:option|choice|alternative|letter|answer)\\s)([A-Ja-j])(?:[).:,]|\\s-)?\\s"
              + "|([A-Ja-j])\\)\\s?|([A-J])(?:[.:]|\\s-)\\s)(\\S.*+)$",
          Pattern.DOTALL);

  private static final Pattern NO_MEMBERS =
      Pattern.compile(
          "(?i)^(?:∅|\\{ ?\\}|(?:the )?empty set|no (?:real |integer )?solutions?(?: exists?)?)$");

  private static final Pattern COLON_NAME =
      Pattern.compile(
          "^(\\p{L}[\\p{L}\\d'_-]*+(?: [\\p{L}\\d'_-]++){0,3}):\\s*+(\\S.*+)$", Pattern.DOTALL);

  private static final Pattern TWO_NUMBERS = Pattern.compile("(-?\\d{1,9}),(-?\\d{1,9})");
  private static final Pattern RATIO =
      Pattern.compile("^\\d{1,9}(?: ?: ?\\d{1,9}){1,3}$|^\\d{1,9} to \\d{1,9}$");
  private static final Pattern RANGE =
      Pattern.compile("^(?:between |from )?(.{1,40}?)(?: ?– ?| to | and )(.{1,60})$");
  private static final Pattern TIGHT_RANGE =
      Pattern.compile("^(\\d{1,9}(?:\\.\\d{1,9})?)-(\\d{1,9}(?:\\.\\d{1,9})?(?: .{1,40})?)$");
  private static final Pattern ABOUT =
      Pattern.compile(
          "(?i)^(?:is )?(?:about|around|roughly|nearly|almost|circa|ca\\.|some|close to|an estimated)\\s(.++)$");

  private record Bound(Hedge hedge, Pattern before, Pattern behind) {}

  private static final List<Bound> BOUNDS =
      List.of(
          bound(
              Hedge.AT_LEAST,
              "at least|no (?:less|fewer) than|not (?:less|fewer) than|a minimum of|≥",
              "or more|or greater|or above|or higher|at least|\\+"),
          bound(
              Hedge.MORE_THAN,
              "more than|greater than|over|above|exceeding|>",
              "and above exclusive"),
          bound(
              Hedge.AT_MOST,
              "at most|no more than|not more than|up to|a maximum of|≤",
              "or less|or fewer|or below|or lower|at most"),
          bound(Hedge.LESS_THAN, "less than|fewer than|under|below|<", "and below exclusive"));

  private ValueReader() {}

  private static Bound bound(Hedge hedge, String before, String behind) {
    return new Bound(
        hedge,
        Pattern.compile("(?i)^(?:" + before + ")\\s*+(\\S.*+)$"),
        Pattern.compile("(?i)^(.*\\S)\\s*(?:" + behind + ")$"));
  }

  /// The meanings of a text; never empty.
  static List<Value> read(String text) {
    return read(text, 0);
  }

  static Value first(String text, int depth) {
    return read(text, depth).getFirst();
  }

  static List<Value> read(String text, int depth) {
    if (depth > DEEPEST || text.isBlank()) {
      return List.of(new Words(text));
    }
    List<Function<String, List<Value>>> readers =
        List.of(
            ValueReader::truth,
            ValueReader::option,
            ValueReader::nothing,
            t -> one(MomentReader.read(t)),
            ValueReader::ratio,
            t -> range(t, depth),
            ValueReader::quantity,
            t -> hedged(t, depth),
            t -> bounded(t, depth),
            t -> plusMinus(t, depth),
            t -> bracketed(t, depth),
            t -> relations(t, depth),
            t -> list(t, depth),
            t -> named(t, depth),
            ValueReader::formula);
    for (Function<String, List<Value>> reader : readers) {
      List<Value> values = reader.apply(text);
      if (!values.isEmpty()) {
        return values;
      }
    }
    return List.of(new Words(text));
  }

  private static List<Value> one(Optional<? extends Value> value) {
    return value.<List<Value>>map(List::of).orElse(List.of());
  }

  private static List<Value> truth(String text) {
    if (text.length() > LONGEST_TRUTH) {
      return List.of();
    }
    Matcher found = TRUTH.matcher(text);
    if (!found.matches()) {
      return List.of();
    }
    boolean yes = TRUE.contains(found.group(1).toLowerCase(Locale.ROOT));
    String rest = text.substring(found.end(1));
    boolean sure = !CONTRAST.matcher(rest).find() && !(yes && NEGATION.matcher(rest).find());
    return sure ? List.of(new Truth(yes)) : List.of();
  }

  private static List<Value> option(String text) {
    Matcher letter = LETTER.matcher(text);
    if (letter.matches()) {
      var values = new ArrayList<Value>();
      char c = Character.toUpperCase(letter.group(1).charAt(0));
      values.add(new Option(c, Optional.empty()));
      if (text.length() == 1 && Character.isLowerCase(text.charAt(0))) {
        ValueReader.formula(text).stream().forEach(values::add);
      }
      return values;
    }
    Matcher both = LETTER_AND_TEXT.matcher(text);
    if (!both.matches()) {
      return List.of();
    }
    for (int group = 1; group <= 4; group++) {
      if (both.group(group) != null) {
        char c = Character.toUpperCase(both.group(group).charAt(0));
        return List.of(new Option(c, Optional.of(PlainText.bare(both.group(5)))));
      }
    }
    return List.of();
  }

  private static List<Value> nothing(String text) {
    return NO_MEMBERS.matcher(text).matches()
        ? List.of(new Items(Shape.SET, List.of()))
        : List.of();
  }

  /// `3:2`; `3 to 2` is more often a range.
  private static List<Value> ratio(String text) {
    if (text.length() > 45 || text.contains("to") || !RATIO.matcher(text).matches()) {
      return List.of();
    }
    var parts = new ArrayList<Rational>();
    for (String part : text.split(":")) {
      parts.add(Rational.of(Long.parseLong(part.strip())));
    }
    return parts.stream().anyMatch(Rational::isZero) ? List.of() : List.of(new Ratio(parts));
  }

  private static List<Value> range(String text, int depth) {
    if (text.length() > 110) {
      return List.of();
    }
    Matcher tight = TIGHT_RANGE.matcher(text);
    if (tight.matches()) {
      return between(tight.group(1), tight.group(2));
    }
    boolean says = text.startsWith("between ") || text.startsWith("from ");
    if (!says && text.indexOf(Characters.RANGE) < 0 && !text.contains(" to ")) {
      return List.of();
    }
    Matcher range = RANGE.matcher(text);
    boolean and = range.matches() && text.substring(range.end(1)).startsWith(" and ");
    return range.matches() && (says || !and) ? between(range.group(1), range.group(2)) : List.of();
  }

  private static List<Value> between(String low, String high) {
    List<Value> from = QuantityReader.read(low);
    List<Value> to = QuantityReader.read(high);
    return from.isEmpty() || to.isEmpty()
        ? List.of()
        : List.of(new Hedged(Hedge.BETWEEN, List.of(from.getFirst(), to.getFirst())));
  }

  /// `2,3` is a decimal number or a list.
  private static List<Value> quantity(String text) {
    List<Value> quantities = QuantityReader.read(text);
    Matcher two = TWO_NUMBERS.matcher(text);
    if (quantities.isEmpty() || !two.matches() || two.group(2).length() == 3) {
      return quantities;
    }
    var both = new ArrayList<>(quantities);
    both.add(
        new Items(Shape.LIST, List.of(first(two.group(1), DEEPEST), first(two.group(2), DEEPEST))));
    return both;
  }

  private static List<Value> hedged(String text, int depth) {
    Matcher about = ABOUT.matcher(text);
    if (text.length() < 200 && about.matches()) {
      List<Value> inside = QuantityReader.read(about.group(1));
      return inside.isEmpty()
          ? List.of()
          : List.of(new Hedged(Hedge.ABOUT, List.of(inside.getFirst())));
    }
    if (!text.contains(" or ")) {
      return List.of();
    }
    List<String> parts = Parts.ofAlternatives(text.replaceFirst("(?i)^either ", ""));
    boolean few =
        parts.size() > 1
            && parts.size() <= MOST_ALTERNATIVES
            && parts.stream().allMatch(part -> part.length() <= LONGEST_ALTERNATIVE);
    if (!few || boundBehind(text).isPresent()) {
      return List.of();
    }
    List<Value> values = parts.stream().map(part -> first(part, depth + 1)).toList();
    return Relations.alternatives(values)
        .map(List::of)
        .orElse(List.of(new Hedged(Hedge.ONE_OF, values)));
  }

  private static Optional<Bound> boundBehind(String text) {
    return BOUNDS.stream().filter(bound -> bound.behind().matcher(text).matches()).findFirst();
  }

  private static List<Value> bounded(String text, int depth) {
    if (text.length() > 120) {
      return List.of();
    }
    for (Bound bound : BOUNDS) {
      for (Pattern form : List.of(bound.before(), bound.behind())) {
        Matcher found = form.matcher(text);
        List<Value> inside = found.matches() ? QuantityReader.read(found.group(1)) : List.of();
        if (!inside.isEmpty()) {
          Quantity quantity = (Quantity) inside.getFirst();
          var values = new ArrayList<Value>();
          values.add(new Hedged(bound.hedge(), List.of(quantity)));
          if (quantity.unit().isBare()) {
            values.add(Relations.interval(bound.hedge(), quantity.amount()));
          }
          return values;
        }
      }
    }
    return List.of();
  }

  /// `±2` and `2 ± √3` are two values.
  private static List<Value> plusMinus(String text, int depth) {
    int sign = text.indexOf('±');
    if (sign < 0 || sign != text.lastIndexOf('±') || text.indexOf('=') >= 0) {
      return List.of();
    }
    Value plus = first(text.replace("±", "+").strip(), depth + 1);
    Value minus = first(text.replace("±", "-").strip(), depth + 1);
    boolean numbers = isNumber(plus) && isNumber(minus);
    return numbers ? List.of(new Items(Shape.SET, List.of(plus, minus))) : List.of();
  }

  private static boolean isNumber(Value value) {
    return value instanceof Quantity || value instanceof Formula;
  }

  private static List<Value> bracketed(String text, int depth) {
    List<String> united = Parts.ofUnion(text);
    if (united.size() > 1) {
      return List.of(
          new Items(Shape.SET, united.stream().map(part -> first(part, depth + 1)).toList()));
    }
    if (text.length() < 2 || "([{⟨]".indexOf(text.charAt(0)) < 0) {
      return List.of();
    }
    List<Value> interval = Relations.interval(text);
    int closing = text.charAt(0) == ']' ? -1 : Parts.closing(text);
    if (closing != text.length() - 1) {
      return interval;
    }
    String inside = text.substring(1, text.length() - 1).strip();
    List<String> parts = Parts.inBrackets(inside);
    char open = text.charAt(0);
    if (parts.size() == 1 && open != '{') {
      return inside.isEmpty() ? List.of() : read(inside, depth + 1);
    }
    if (open == '{' && inside.indexOf('|') >= 0) {
      return List.of();
    }
    List<Value> items = parts.stream().map(part -> first(part, depth + 1)).toList();
    Optional<Value> mapping = Relations.mapping(items);
    if (mapping.isPresent()) {
      return List.of(mapping.get());
    }
    Value collection =
        switch (open) {
          case '{' -> new Items(Shape.SET, items);
          case '[' -> new Items(Shape.LIST, items);
          default -> new Items(Shape.TUPLE, items);
        };
    var values = new ArrayList<Value>(interval);
    boolean surelyInterval =
        open == '[' && !interval.isEmpty() || text.contains("∞") && !interval.isEmpty();
    if (!surelyInterval) {
      values.addFirst(collection);
    }
    return values;
  }

  private static List<Value> relations(String text, int depth) {
    if (Parts.outside(text, "=≠<>≤≥≡∈≈", 0) < 0 && !text.contains("mod ")) {
      return List.of();
    }
    List<String> parts = Parts.ofList(text);
    if (parts.size() > 1) {
      List<Value> values = parts.stream().map(part -> first(part, depth + 1)).toList();
      Optional<Value> mapping = Relations.mapping(values);
      if (mapping.isPresent()) {
        return List.of(mapping.get());
      }
    }
    return Relations.read(text, depth);
  }

  private static List<Value> list(String text, int depth) {
    List<String> parts = Parts.ofList(text);
    if (parts.size() < 2) {
      return List.of();
    }
    List<String> bare = new ArrayList<>(parts);
    bare.set(0, bare.getFirst().replaceFirst("(?i)^(?:first,? |both )", ""));
    List<Value> items =
        bare.stream()
            .map(part -> part.replaceFirst("(?i)^(?:then|and|finally|lastly) ", ""))
            .map(part -> first(part, depth + 1))
            .toList();
    return List.of(Relations.mapping(items).orElse(new Items(Shape.LIST, items)));
  }

  private static List<Value> named(String text, int depth) {
    Matcher named = COLON_NAME.matcher(text);
    if (!named.matches() || named.group(1).length() > 40) {
      return List.of();
    }
    Value value = first(named.group(2), depth + 1);
    return List.of(new Named(named.group(1), value));
  }

  private static List<Value> formula(String text) {
    return ExpressionReader.whole(text)
        .<List<Value>>map(
            expression ->
                expression.isConstant()
                    ? List.of(new Quantity(expression, Precision.EXACT, Unit.NONE, false))
                    : List.of(new Formula(expression)))
        .orElse(List.of());
  }
}
