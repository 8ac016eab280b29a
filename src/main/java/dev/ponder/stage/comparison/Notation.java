package dev.ponder.stage.comparison;

import dev.ponder.stage.comparison.Value.Quantity;
import dev.ponder.stage.comparison.Value.Words;
import java.util.List;
import java.util.Locale;

/// Compares answers by what they denote, not by how they are written.
///
/// An answer becomes plain text ([PlainText]), its text a value ([ValueReader]), and two values are
/// compared by their kind ([Comparison]). A wrong [Sameness#SAME] would be worse than a missed one,
/// so what the rules do not surely know is [Sameness#UNSETTLED].
public final class Notation {

  /// Longer answers are compared as text. It holds numbers of 3,500 digits.
  private static final int LONGEST = 4_000;

  private Notation() {}

  /// What the rules say of two answers. Symmetric; never throws, whatever the text.
  public static Sameness compare(String one, String other) {
    if (one.strip().equals(other.strip())) {
      return Sameness.SAME;
    }
    if (one.length() > LONGEST || other.length() > LONGEST) {
      return folded(one).equals(folded(other)) ? Sameness.SAME : Sameness.UNSETTLED;
    }
    String left = PlainText.of(one);
    String right = PlainText.of(other);
    if (left.equals(right)) {
      return Sameness.SAME;
    }
    if (left.isEmpty() || right.isEmpty()) {
      return Sameness.UNSETTLED;
    }
    List<Value> leftValues = ValueReader.read(left);
    List<Value> rightValues = ValueReader.read(right);
    Sameness values = Comparison.compare(leftValues, rightValues);
    if (values != Sameness.SAME && isOnlyCase(left, right, leftValues.getFirst())) {
      return Sameness.SAME;
    }
    if (values != Sameness.UNSETTLED) {
      return values;
    }
    return sentence(left, leftValues, right, rightValues);
  }

  /// A sentence on one side and a value on the other.
  private static Sameness sentence(
      String left, List<Value> leftValues, String right, List<Value> rightValues) {
    boolean leftWords = isProse(leftValues.getFirst());
    boolean rightWords = isProse(rightValues.getFirst());
    if (leftWords && !(rightValues.getFirst() instanceof Words)) {
      return Prose.compare(left, right, rightValues);
    }
    if (rightWords && !(leftValues.getFirst() instanceof Words)) {
      return Prose.compare(right, left, leftValues);
    }
    return Sameness.UNSETTLED;
  }

  private static boolean isProse(Value value) {
    return value instanceof Words;
  }

  /// `X = 3` and `x = 3`; units are another thing, with mW and MW, and so are A and a in one text.
  private static boolean isOnlyCase(String left, String right, Value value) {
    return left.equalsIgnoreCase(right)
        && !(value instanceof Quantity || value instanceof Words)
        && isOneCase(left)
        && isOneCase(right);
  }

  private static boolean isOneCase(String text) {
    return text.chars()
        .filter(Character::isLetter)
        .allMatch(
            c ->
                text.indexOf(
                        Character.isUpperCase(c)
                            ? Character.toLowerCase(c)
                            : Character.toUpperCase(c))
                    < 0);
  }

  private static String folded(String text) {
    return text.strip().replaceAll("\\s++", " ").toLowerCase(Locale.ROOT);
  }
}
