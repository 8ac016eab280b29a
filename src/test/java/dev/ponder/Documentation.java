package dev.ponder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Committed files that say what the program does, and are made from it. A test fails with the
/// lines that differ; with `-Dponder.write-documentation=true` it writes them, and nothing else in
/// the source tree is ever written by a test.
public final class Documentation {

  private static final boolean WRITE = Boolean.getBoolean("ponder.write-documentation");

  private Documentation() {}

  /// The file says just this.
  public static void says(Path file, String text) throws IOException {
    if (WRITE) {
      Files.writeString(file, text);
      return;
    }
    assertThat(file)
        .as("%s; -Dponder.write-documentation=true brings it up to date", file)
        .hasContent(text);
  }

  /// The file says this between two lines of it.
  public static void says(Path file, String begin, String end, String text) throws IOException {
    String page = Files.readString(file);
    assertThat(page).contains(begin).contains(end);
    says(
        file,
        page.substring(0, page.indexOf(begin) + begin.length())
            + text
            + page.substring(page.indexOf(end)));
  }
}
