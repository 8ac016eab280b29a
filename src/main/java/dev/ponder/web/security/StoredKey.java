package dev.ponder.web.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An API key as it is kept: its name, and a salted hash of it. Whoever reads it can use no key.
///
/// A key is `ponder_`, 16 letters of salt and 32 letters of secret. That the salt stands in the key
/// makes a request cheap: it finds the one entry that can match, and hashes once, however many keys
/// there are. The secret has 160 random bits, so that a fast hash is as good as a slow one.
///
/// @param name of the key, as logs and jobs have it
/// @param salt letters of the key that are no secret
/// @param sha256 of the salt and the whole key, in hexadecimal digits
public record StoredKey(String name, String salt, String sha256) {

  /// What every key begins with, so that a scanner finds one that was published by mistake.
  public static final String PREFIX = "ponder_";

  /// Characters of a name at most; the column of a job's row has as many.
  public static final int NAME_LONGEST = 64;

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0," + (NAME_LONGEST - 1) + "}";
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int SALT = 16;
  private static final int SECRET = 32;
  private static final Pattern KEY = Pattern.compile(PREFIX + "[a-z2-7]{" + (SALT + SECRET) + "}");
  private static final Pattern ENTRY =
      Pattern.compile("(" + NAME + "):sha256:([a-z2-7]{" + SALT + "}):([0-9a-f]{64})");

  private static final SecureRandom RANDOM = new SecureRandom();

  public StoredKey {
    if (!ENTRY.matcher(entry(name, salt, sha256)).matches()) {
      throw new IllegalArgumentException("is no entry of a key that Ponder has made");
    }
  }

  /// A key that was just made.
  ///
  /// @param key to be shown once and kept nowhere
  public record Fresh(String key, StoredKey stored) {
    @Override
    public String toString() {
      return stored.toString();
    }
  }

  /// Whether a key can have this name.
  public static boolean isName(String name) {
    return name.matches(NAME);
  }

  /// @throws IllegalArgumentException for a name that no key can have
  public static Fresh create(String name) {
    var letters = new StringBuilder(PREFIX);
    for (int i = 0; i < SALT + SECRET; i++) {
      letters.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    String key = letters.toString();
    String salt = saltOf(key);
    return new Fresh(key, new StoredKey(name, salt, hash(salt, key)));
  }

  /// Whether a setting is an entry, and not a key itself.
  static boolean isEntry(String text) {
    return text.contains(":sha256:");
  }

  /// @throws IllegalArgumentException for what [#entry] has not written; it repeats nothing of it
  static StoredKey parse(String entry) {
    Matcher parts = ENTRY.matcher(entry);
    if (!parts.matches()) {
      throw new IllegalArgumentException("is no entry of a key that Ponder has made");
    }
    return new StoredKey(parts.group(1), parts.group(2), parts.group(3));
  }

  /// The same in a line, for a setting: `name:sha256:salt:hash`.
  public String entry() {
    return entry(name, salt, sha256);
  }

  private static String entry(String name, String salt, String sha256) {
    return name + ":sha256:" + salt + ":" + sha256;
  }

  /// The salt in a key, or null if the text is no key that Ponder has made.
  static @Nullable String saltOf(String key) {
    return KEY.matcher(key).matches()
        ? key.substring(PREFIX.length(), PREFIX.length() + SALT)
        : null;
  }

  /// Takes the same time whatever the key is.
  boolean matches(String key) {
    return MessageDigest.isEqual(
        hash(salt, key).getBytes(StandardCharsets.US_ASCII),
        sha256.getBytes(StandardCharsets.US_ASCII));
  }

  static String hash(String salt, String key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(salt.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /// Without what was hashed.
  @Override
  public String toString() {
    return "key '" + name + "'";
  }
}
