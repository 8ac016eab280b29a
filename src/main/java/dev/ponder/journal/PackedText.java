package dev.ponder.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// Long texts as fewer bytes: UTF-8, deflated (zlib, RFC 1950), the same on every database. Read
/// and written as streams, so that no second copy of the text is ever in memory.
public final class PackedText {

  private PackedText() {}

  /// The packed form, usually a third of the text.
  public static byte[] pack(String text) {
    var bytes = new ByteArrayOutputStream(text.length() / 2);
    try (var writer =
        new OutputStreamWriter(new DeflaterOutputStream(bytes), StandardCharsets.UTF_8)) {
      writer.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// The text of a packed form.
  ///
  /// @throws UncheckedIOException if the bytes are no packed text
  public static String unpack(InputStream packed) {
    var text = new StringWriter();
    try (var reader =
        new InputStreamReader(new InflaterInputStream(packed), StandardCharsets.UTF_8)) {
      reader.transferTo(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
