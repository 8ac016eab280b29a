package dev.ponder.cli.output;

import dev.ponder.model.store.PullProgress;
import dev.ponder.text.Visible;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a pull goes on: one line drawn again and again on a terminal, a line every five seconds
/// elsewhere. All of it on standard error, so that standard output holds the result alone.
public final class PullLines implements PullProgress {

  private static final Duration DRAWN_EVERY = Duration.ofMillis(200);
  private static final Duration SAID_EVERY = Duration.ofSeconds(5);
  private static final String CLEAR = "\r\u001b[K";

  private final CliEnvironment surroundings;
  private final boolean drawing;
  private final boolean quiet;
  private @Nullable Instant shown;
  private @Nullable Instant began;
  private long first;
  private boolean drawn;

  public PullLines(CliEnvironment surroundings, boolean quiet) {
    this.surroundings = surroundings;
    this.quiet = quiet;
    this.drawing = surroundings.onTerminal() && !quiet;
  }

  @Override
  public synchronized void bytes(long have, long total) {
    Instant now = surroundings.time().instant();
    if (began == null) {
      began = now;
      first = have;
    }
    Duration every = drawing ? DRAWN_EVERY : SAID_EVERY;
    boolean last = have == total;
    if (quiet || (shown != null && !last && now.isBefore(shown.plus(every)))) {
      return;
    }
    shown = now;
    show(line(have, total, Duration.between(began, now)));
  }

  private String line(long have, long total, Duration since) {
    double speed = since.toMillis() == 0 ? 0 : (have - first) * 1000.0 / since.toMillis();
    StringBuilder line = new StringBuilder(Words.bytes(have));
    if (total > 0) {
      line.append(" of ")
          .append(Words.bytes(total))
          .append(", ")
          .append(have * 100 / total)
          .append('%');
    }
    if (speed > 0) {
      line.append(", ").append(Words.bytes((long) speed)).append("/s");
      if (total > have) {
        Duration left = Duration.ofSeconds((long) ((total - have) / speed));
        line.append(", ").append(Words.seconds(left)).append(" left");
      }
    }
    return line.toString();
  }

  private void show(String line) {
    if (drawing) {
      surroundings.err().drawing().print(CLEAR + Visible.line(line));
      drawn = true;
    } else {
      surroundings.err().println(line);
    }
    surroundings.err().flush();
  }

  @Override
  public synchronized void note(String sentence) {
    if (!quiet) {
      done();
      surroundings.err().println(sentence);
      surroundings.err().flush();
    }
  }

  /// Ends the line that is drawn.
  public synchronized void done() {
    if (drawn) {
      surroundings.err().println();
      surroundings.err().flush();
      drawn = false;
    }
  }

  public void interrupted() {
    done();
    surroundings.err().println("Interrupted. What arrived is kept; the next pull goes on from it.");
    surroundings.err().println(Exit.INTERRUPTED.inWords());
    surroundings.err().flush();
  }
}
