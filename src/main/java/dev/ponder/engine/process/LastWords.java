package dev.ponder.engine.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last lines that a process wrote, for the message that says how it ended.
public final class LastWords {
  private static final Logger LOG = LoggerFactory.getLogger(LastWords.class);
  private static final int LINE_MAX = 2_000;

  private final String who;
  private final int linesMax;
  private final ArrayDeque<String> lines = new ArrayDeque<>();

  public LastWords(String who, int linesMax) {
    this.who = who;
    this.linesMax = linesMax;
  }

  public void add(String line) {
    LOG.debug("{}: {}", who, line);
    synchronized (lines) {
      lines.addLast(line);
      if (lines.size() > linesMax) {
        lines.removeFirst();
      }
    }
  }

  /// Whether one of them contains this.
  public boolean contain(String text) {
    synchronized (lines) {
      return lines.stream().anyMatch(line -> line.contains(text));
    }
  }

  /// A sentence with a blank before it, or nothing.
  @Override
  public String toString() {
    synchronized (lines) {
      return lines.isEmpty() ? "" : " Its last words: " + String.join(" / ", lines);
    }
  }

  /// Reads to the end of the stream; a broken stream ends too. Of a line, which need not ever end,
  /// the first 2,000 characters count.
  public static void eachLine(InputStream stream, Consumer<String> each) {
    try (Reader characters =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      StringBuilder line = new StringBuilder();
      boolean begun = false;
      int next;
      while ((next = characters.read()) >= 0) {
        begun = next != '\n';
        if (!begun) {
          each.accept(line.toString());
          line.setLength(0);
        } else if (next != '\r' && line.length() < LINE_MAX) {
          line.append((char) next);
        }
      }
      if (begun) {
        each.accept(line.toString());
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("The output of a process broke off: {}", e.toString());
    }
  }
}
