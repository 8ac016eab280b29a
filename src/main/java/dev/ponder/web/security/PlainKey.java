package dev.ponder.web.security;

import java.util.Locale;
import java.util.UUID;

/// A key that stands in the settings as it is. It is kept as a hash, with a salt that is another in
/// every process.
///
/// @param name made of its hash: the same on every node and after every start
record PlainKey(String name, String hash) {

  /// Bits that a key has to have. Nobody can try 2^128 keys.
  static final int LEAST_BITS = 128;

  /// So many random characters have fewer of them different in one of a billion keys.
  private static final int LEAST_DIFFERENT = 8;

  private static final String SALT = UUID.randomUUID().toString();
  private static final int SHOWN = 8;

  /// @throws IllegalArgumentException for what is too short, or could stand in no header; the
  ///     message goes on after "a key", and repeats nothing of it
  static PlainKey of(String key) {
    if (!key.chars().allMatch(c -> c >= ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "with a line break, a control character or a letter beyond ASCII, which no request could name. A key is made of visible ASCII characters.");
    }
    long bits = bits(key);
    if (bits < LEAST_BITS) {
      throw new IllegalArgumentException(
          "of %d characters, which has %d random bits at most and needs %d. Make one with './ponder keys create NAME', or with 'openssl rand -hex 32'."
              .formatted(key.length(), bits, LEAST_BITS));
    }
    String name = "setting-" + StoredKey.hash("", key).substring(0, SHOWN);
    return new PlainKey(name, hashOf(key));
  }

  static String hashOf(String key) {
    return StoredKey.hash(SALT, key);
  }

  /// What the characters of a key can hold at most, if they were drawn at random. A word cannot be
  /// told from a random key of the same letters, so this finds what is too short, and no more.
  static long bits(String key) {
    if (key.chars().distinct().count() < LEAST_DIFFERENT) {
      return 0;
    }
    String random = key.replaceAll("[-_.=]", "");
    return Math.round(
        Math.floor(random.length() * Math.log(Math.max(1, alphabet(random))) / Math.log(2)));
  }

  private static int alphabet(String key) {
    boolean oneCase =
        key.equals(key.toLowerCase(Locale.ROOT)) || key.equals(key.toUpperCase(Locale.ROOT));
    if (oneCase && key.matches("\\p{XDigit}*") && !key.matches("\\d*")) {
      return 16;
    }
    return size(key, "[0-9]", 10)
        + size(key, "[a-z]", 26)
        + size(key, "[A-Z]", 26)
        + size(key, "[^0-9a-zA-Z]", 33);
  }

  private static int size(String key, String kind, int letters) {
    return key.matches(".*" + kind + ".*") ? letters : 0;
  }
}
