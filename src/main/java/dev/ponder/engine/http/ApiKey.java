package dev.ponder.engine.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// What a server wants to know before it answers: a key, or a user with a password. Prints as dots,
/// so that no log and no message can hold it.
public final class ApiKey {

  /// What stands in a message where a secret would.
  public static final String HIDDEN = "•••";

  /// Shorter ones are no secret, and cannot be told from words.
  private static final int FEWEST_CHARACTERS = 6;

  private static final ApiKey NONE = new ApiKey("", "");

  private final String secret;
  private final String authorization;

  private ApiKey(String secret, String authorization) {
    this.secret = secret;
    this.authorization = authorization;
  }

  /// A key as the settings have it.
  ///
  /// @return blank is no key
  /// @throws IllegalArgumentException if no HTTP header can hold it; the message does not repeat it
  public static ApiKey of(String text) {
    String key = text.strip();
    for (int i = 0; i < key.length(); i++) {
      char letter = key.charAt(i);
      if (letter < ' ' || letter >= 127) {
        throw new IllegalArgumentException(
            "it has %s at character %d of %d, and a key is made of visible ASCII characters"
                .formatted(kind(letter), i + 1, key.length()));
      }
    }
    return key.isEmpty() ? NONE : new ApiKey(key, "Bearer " + key);
  }

  /// @param userAndPassword with a colon between them
  static ApiKey basic(String userAndPassword) {
    byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
    return new ApiKey(userAndPassword, "Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  private static String kind(char letter) {
    return switch (letter) {
      case '\n', '\r' -> "a line break";
      case '\t' -> "a tab";
      default -> letter < ' ' || letter == 127 ? "a control character" : "a letter beyond ASCII";
    };
  }

  /// The first that is one.
  public static @Nullable ApiKey firstOf(@Nullable ApiKey... keys) {
    for (ApiKey key : keys) {
      if (key != null && key.present()) {
        return key;
      }
    }
    return null;
  }

  /// Whether there is one.
  public boolean present() {
    return !secret.isEmpty();
  }

  /// What the header `Authorization` of a request has to be.
  public String authorization() {
    return authorization;
  }

  /// The key itself, for a library that writes the header.
  public String text() {
    return secret;
  }

  /// Takes it out of what somebody else wrote: a server may repeat a key that it refuses.
  public String hiddenIn(String sentence) {
    if (secret.isEmpty()) {
      return sentence;
    }
    String coded = authorization.substring(authorization.indexOf(' ') + 1);
    String hidden = without(secret, without(coded, sentence));
    int colon = coded.equals(secret) ? -1 : secret.indexOf(':');
    return colon < 0 ? hidden : without(secret.substring(colon + 1), hidden);
  }

  /// `none` and `EMPTY` are what people give a server that wants any key, and words of sentences.
  private static String without(String secret, String sentence) {
    return secret.length() < FEWEST_CHARACTERS ? sentence : sentence.replace(secret, HIDDEN);
  }

  @Override
  public String toString() {
    return HIDDEN;
  }
}
