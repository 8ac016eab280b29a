package dev.ponder.engine.text;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Joins characters whose halves come in two pieces of a text. A token can end inside a character,
/// and servers cut there: in the middle of its UTF-8, or between the two surrogates of an emoji. A
/// half waits for the other one; one that stays alone becomes U+FFFD.
///
/// Until they are joined, a byte that is no UTF-8 stands as the surrogate U+DC00 plus the byte,
/// which no text that is whole can contain. Used by one thread.
public final class WholeCharacters {

  private static final char UNKNOWN = '\uFFFD';

  /// What may still become a character: a high surrogate, or up to three bytes.
  private String half = "";

  /// A text of which the half that it ends in is kept back.
  public String accept(String piece) {
    if (half.isEmpty() && isWhole(piece)) {
      return piece;
    }
    String text = half + piece;
    StringBuilder whole = new StringBuilder(text.length());
    half = "";
    int at = 0;
    while (at < text.length()) {
      int taken = take(text, at, whole);
      if (taken == 0) {
        half = text.substring(at);
        break;
      }
      at += taken;
    }
    return whole.toString();
  }

  /// The half that no other one came for, at the end of a text.
  public String end() {
    String alone = half.isEmpty() ? "" : String.valueOf(UNKNOWN);
    half = "";
    return alone;
  }

  private static boolean isWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /// Takes one character, or what is none.
  ///
  /// @return how much of the text it is, zero if its rest is still to come
  private static int take(String text, int at, StringBuilder whole) {
    char first = text.charAt(at);
    if (!Character.isSurrogate(first)) {
      whole.append(first);
      return 1;
    }
    if (Character.isHighSurrogate(first)) {
      if (at + 1 == text.length()) {
        return 0;
      }
      boolean pair = Character.isLowSurrogate(text.charAt(at + 1));
      whole.append(pair ? text.substring(at, at + 2) : String.valueOf(UNKNOWN));
      return pair ? 2 : 1;
    }
    return takeBytes(text, at, whole);
  }

  private static int takeBytes(String text, int at, StringBuilder whole) {
    int lead = byteOf(text.charAt(at));
    int length = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
    byte[] bytes = new byte[length];
    int found = 0;
    while (found < length && at + found < text.length()) {
      int next = byteOf(text.charAt(at + found));
      if (next < 0 || (found > 0 && (next & 0xC0) != 0x80)) {
        break;
      }
      bytes[found++] = (byte) next;
    }
    if (found == length && length > 1 && lead <= 0xF4) {
      String character = new String(bytes, StandardCharsets.UTF_8);
      if (character.indexOf(UNKNOWN) < 0) {
        whole.append(character);
        return length;
      }
    } else if (found > 0 && at + found == text.length() && length > 1 && lead <= 0xF4) {
      return 0;
    }
    whole.append(UNKNOWN);
    return Math.max(1, found);
  }

  /// The byte that a surrogate stands for; negative if it stands for none.
  private static int byteOf(char surrogate) {
    return surrogate >= 0xDC80 && surrogate <= 0xDCFF ? surrogate - 0xDC00 : -1;
  }

  /// The text of bytes, with what is no UTF-8 as surrogates. A surrogate that came as three bytes
  /// of its own, as some languages write it, is that surrogate.
  public static String decode(byte[] bytes, int length) {
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    return text.indexOf(UNKNOWN) < 0 ? text : decodeSlowly(bytes, length);
  }

  private static String decodeSlowly(byte[] bytes, int length) {
    StringBuilder text = new StringBuilder(length);
    int at = 0;
    while (at < length) {
      int next = bytes[at] & 0xFF;
      String character = next < 0x80 ? String.valueOf((char) next) : character(bytes, at, length);
      if (character == null) {
        text.append((char) (0xDC00 + next));
        at++;
      } else {
        text.append(character);
        at += next < 0x80 ? 1 : next >= 0xF0 ? 4 : next >= 0xE0 ? 3 : 2;
      }
    }
    return text.toString();
  }

  private static @Nullable String character(byte[] bytes, int at, int length) {
    int lead = bytes[at] & 0xFF;
    int size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + size > length) {
      return null;
    }
    for (int i = 1; i < size; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return null;
      }
    }
    if (lead == 0xED && (bytes[at + 1] & 0xFF) >= 0xA0) {
      int code = 0xD000 | (bytes[at + 1] & 0x3F) << 6 | bytes[at + 2] & 0x3F;
      return String.valueOf((char) code);
    }
    String character = new String(bytes, at, size, StandardCharsets.UTF_8);
    boolean sent = lead == 0xEF && bytes[at + 1] == (byte) 0xBF && bytes[at + 2] == (byte) 0xBD;
    return character.indexOf(UNKNOWN) < 0 || sent ? character : null;
  }
}
