package dev.ponder.fuzz;

import java.util.List;
import java.util.random.RandomGenerator;

/// Strings, from harmless to hostile.
final class Texts {

  private static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "\t\n",
          "null",
          "true",
          "0",
          "-1",
          "1e400",
          "NaN",
          "[]",
          "{}",
          "../../etc/passwd",
          "' or 1=1 --",
          "<script>",
          "%00",
          "%s%n",
          "${jndi:ldap://x}",
          "a\u0000b",
          "\u0000",
          "\uD800",
          "a\uDC00b",
          "😀",
          "é",
          "\uFEFF",
          "\u202E",
          "\u2028",
          "\\",
          "\"",
          "ı",
          "ﬀ",
          "9223372036854775808",
          "00000000-0000-0000-0000-000000000000");

  private final RandomGenerator random;

  Texts(RandomGenerator random) {
    this.random = random;
  }

  String harmless() {
    int words = 1 + random.nextInt(6);
    var text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ");
      int letters = 1 + random.nextInt(8);
      for (int j = 0; j < letters; j++) {
        text.append((char) ('a' + random.nextInt(26)));
      }
    }
    return text.toString();
  }

  String hostile() {
    return switch (random.nextInt(8)) {
      case 0 -> harmless().repeat(1 + random.nextInt(40));
      case 1 -> random.nextInt(20) == 0 ? "x".repeat(100_001) : harmless();
      case 2 -> anything(1 + random.nextInt(30));
      default -> HOSTILE.get(random.nextInt(HOSTILE.size()));
    };
  }

  private String anything(int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(random.nextBoolean() ? 0x10000 : 0x80));
    }
    return text.toString();
  }

  /// Characters that a header can carry.
  String visible(int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) (' ' + 1 + random.nextInt(94)));
    }
    return text.toString();
  }
}
