package dev.ponder.compression.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The calculations of a thought that goes on, and which of their results nothing has used yet.
final class OpenResults {

  /// By the order in which they came.
  private final Map<Integer, String> open = new TreeMap<>();

  /// Which of them a number is the result of.
  private final Map<String, List<Integer>> byNumber = new HashMap<>();

  private int next;

  /// Takes a line in; false if it is no calculation.
  boolean add(String line) {
    int equals = line.lastIndexOf('=');
    if (equals <= 0 || "<>!".indexOf(line.charAt(equals - 1)) >= 0) {
      return false;
    }
    List<Quantity> results = Quantities.in(line.substring(equals + 1));
    if (results.isEmpty()) {
      return false;
    }
    Quantities.in(line.substring(0, equals)).forEach(operand -> use(operand.number()));
    byNumber.computeIfAbsent(results.getLast().number(), n -> new ArrayList<>()).add(next);
    open.put(next++, said(line, equals));
    return true;
  }

  private void use(String number) {
    List<Integer> used = byNumber.remove(number);
    if (used != null) {
      used.forEach(open::remove);
    }
  }

  /// What is left of `Leo: 11 * 3 = 30 + 3 = 33 coins`: `Leo = 33 coins`.
  private static String said(String line, int equals) {
    int colon = line.indexOf(':');
    String subject = colon > 0 && colon < equals ? line.substring(0, colon) : "";
    return subject + " =" + line.substring(equals + 1);
  }

  List<String> statements() {
    return List.copyOf(open.values());
  }
}
