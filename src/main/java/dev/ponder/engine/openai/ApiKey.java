package dev.ponder.engine.openai;

import org.jspecify.annotations.Nullable;

/// The key of a server. Prints as dots, so that no log and no message can hold it.
public final class ApiKey {

  private static final String HIDDEN = "•••";

  private final String text;

  private ApiKey(String text) {
    this.text = text;
  }

  /// A key as the settings have it.
  ///
  /// @return blank is no key
  public static ApiKey of(String text) {
    return new ApiKey(text.strip());
  }

  /// The first that is one.
  public static @Nullable ApiKey firstOf(@Nullable ApiKey one, @Nullable ApiKey other) {
    return one != null && one.present() ? one : other != null && other.present() ? other : null;
  }

  boolean present() {
    return !text.isEmpty();
  }

  String text() {
    return text;
  }

  /// Takes it out of what somebody else wrote: a server may repeat a key that it refuses.
  String hiddenIn(String sentence) {
    return text.isEmpty() ? sentence : sentence.replace(text, HIDDEN);
  }

  @Override
  public String toString() {
    return HIDDEN;
  }
}
