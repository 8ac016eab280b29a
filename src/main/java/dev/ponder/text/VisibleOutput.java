package dev.ponder.text;

import java.io.PrintWriter;
import java.io.Writer;

/// A way out to a terminal on which every text is [Visible]. Who draws takes the way around it with
/// [#drawing], and makes visible by itself what is not its own.
public final class VisibleOutput extends PrintWriter {

  private final PrintWriter drawing;

  private VisibleOutput(PrintWriter out) {
    super(new Shown(out), false);
    this.drawing = out;
  }

  public static VisibleOutput of(PrintWriter out) {
    return out instanceof VisibleOutput visible ? visible : new VisibleOutput(out);
  }

  /// For control sequences of our own.
  public PrintWriter drawing() {
    return drawing;
  }

  @Override
  public void println() {
    super.println();
    flush();
  }

  private static final class Shown extends Writer {
    private final PrintWriter out;

    /// The first half of a pair whose second one has not come yet; 0 if there is none.
    private char half;

    Shown(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void write(char[] characters, int offset, int length) {
      synchronized (lock) {
        if (length == 0) {
          return;
        }
        String text = (half == 0 ? "" : "" + half) + new String(characters, offset, length);
        char last = text.charAt(text.length() - 1);
        half = Character.isHighSurrogate(last) ? last : 0;
        out.write(Visible.text(half == 0 ? text : text.substring(0, text.length() - 1)));
      }
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public void close() {
      if (half != 0) {
        out.write(Visible.text("" + half));
      }
      out.close();
    }
  }
}
