package dev.ponder.journal.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// What rows of the archive say, for tests that look at the rows themselves.
public final class Archived {

  private Archived() {}

  /// The JSON of a section.
  public static String json(byte[] packed) {
    var inflater = new Inflater(true);
    inflater.setDictionary(ArchiveParts.DICTIONARY);
    try (var text = new InflaterInputStream(new ByteArrayInputStream(packed), inflater)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
