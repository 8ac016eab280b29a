package dev.ponder.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Remembers where the pieces of the text ended that came since this run took the thought up.
public final class Marks {

  /// A place between two tokens.
  ///
  /// @param tokens before it
  /// @param ids of them, -1 if some are unknown
  public record Mark(int tokens, int ids) {}

  private int[] numbers = new int[96];
  private int size;

  void add(int character, int tokens, int ids) {
    if (size + 3 > numbers.length) {
      numbers = Arrays.copyOf(numbers, numbers.length * 2);
    }
    numbers[size++] = character;
    numbers[size++] = tokens;
    numbers[size++] = ids;
  }

  void clear() {
    size = 0;
  }

  @Nullable Mark at(int character) {
    int low = 0;
    int high = size / 3 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int there = numbers[3 * middle];
      if (there == character) {
        return new Mark(numbers[3 * middle + 1], numbers[3 * middle + 2]);
      }
      if (there < character) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }
}
