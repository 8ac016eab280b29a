package dev.ponder.memory;

import java.util.ArrayList;
import java.util.List;

/// The calculations of a thought that goes on, and which of their results nothing has used yet.
final class OpenResults {

  private record Result(String number, String statement) {}

  private final List<Result> open = new ArrayList<>();

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
    Quantities.in(line.substring(0, equals))
        .forEach(operand -> open.removeIf(result -> result.number().equals(operand.number())));
    open.add(new Result(results.getLast().number(), said(line, equals)));
    return true;
  }

  /// What is left of `Leo: 11 * 3 = 30 + 3 = 33 coins`: `Leo = 33 coins`.
  private static String said(String line, int equals) {
    int colon = line.indexOf(':');
    String subject = colon > 0 && colon < equals ? line.substring(0, colon) : "";
    return subject + " =" + line.substring(equals + 1);
  }

  List<String> statements() {
    return open.stream().map(Result::statement).toList();
  }
}
