package dev.ponder.engine.gguf;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A value in the header of a GGUF file.
///
/// @param type its number in the format
/// @param value a Long, Double, Boolean, String or Items; null for a text that nobody here reads
record GgufValue(int type, @Nullable Object value) {

  static final int UINT32 = 4;
  static final int INT32 = 5;
  static final int FLOAT32 = 6;
  static final int BOOL = 7;
  static final int TEXT = 8;
  static final int LIST = 9;

  /// The elements of a list, which stay in the file.
  ///
  /// @param type of each element
  /// @param at place of the first one in the file
  /// @param wholes the elements, of a short list of whole numbers; else empty
  record Items(int type, long count, long at, long[] wholes) {}

  /// Whether one element of this type is a whole number.
  static boolean whole(int type) {
    return type >= 0 && type <= INT32 || type == 10 || type == 11;
  }

  /// Bytes of one element, 0 where they differ.
  static int bytes(int type) {
    return switch (type) {
      case 0, 1, BOOL -> 1;
      case 2, 3 -> 2;
      case UINT32, INT32, FLOAT32 -> 4;
      case 10, 11, 12 -> 8;
      case TEXT -> 0;
      case LIST -> throw new GgufReader.Damaged("a list holds lists");
      default ->
          throw new GgufReader.Damaged(
              String.format(
                  Locale.ROOT, "a value has the unknown type %d", Integer.toUnsignedLong(type)));
    };
  }
}
