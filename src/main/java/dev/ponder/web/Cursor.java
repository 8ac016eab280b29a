package dev.ponder.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Where a list goes on, in a form that nobody is tempted to take apart. The checksum covers the
/// list as well, so a cursor that was made up or comes from another list is refused, not misread.
public final class Cursor {

  private static final int LONGEST = 200;

  private Cursor() {}

  /// @param list what is listed, with its filter
  /// @param place the last item of the page before, in the list's own terms
  public static String at(String list, String place) {
    String signed = checksum(list, place) + place;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(signed.getBytes(StandardCharsets.UTF_8));
  }

  /// The place that a cursor of this list stands for, or null when there is no cursor.
  ///
  /// @throws Refusal if it is not a cursor of this list
  public static @Nullable String place(String list, @Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    String signed = decoded(cursor);
    if (signed.length() <= 8 || !signed.startsWith(checksum(list, signed.substring(8)))) {
      throw refused(cursor);
    }
    return signed.substring(8);
  }

  private static String decoded(String cursor) {
    if (cursor.length() > LONGEST) {
      throw refused(cursor.substring(0, LONGEST) + "…");
    }
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw refused(cursor);
    }
  }

  private static Refusal refused(String cursor) {
    return new Refusal(
        Problem.of(
                ProblemType.INVALID_CURSOR,
                "The cursor '%s' is not one that this list handed out with these filters."
                    .formatted(cursor))
            .field("cursor")
            .next(
                "Take nextCursor of the page before as it is, or leave cursor out to begin anew."));
  }

  private static String checksum(String list, String place) {
    var crc = new CRC32();
    crc.update((list + ' ' + place).getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }
}
