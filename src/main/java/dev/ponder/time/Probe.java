package dev.ponder.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A question that goes to another server, such as how that is, and its answer, kept for a moment.
/// However many callers there are, one question is on its way at a time and none follows while an
/// answer is kept, and no caller waits for longer than [#PATIENCE].
///
/// @param <T> the answer
public final class Probe<T> {

  /// How long an answer is good enough: less than people and monitors leave between two looks.
  public static final Duration KEPT = Duration.ofSeconds(3);

  /// How long a caller waits for an answer at most, from when the question was asked.
  public static final Duration PATIENCE = Duration.ofSeconds(1);

  /// How long an answer can stand in for the next one, which does not come.
  private static final Duration STAND_IN = Duration.ofSeconds(10);

  private final Threads threads;
  private @Nullable Asked asked;
  private @Nullable Found<T> found;

  /// A question on its way.
  private record Asked(long at, CountDownLatch over) {}

  private record Found<T>(T answer, long at) {
    boolean youngerThan(Duration age, long now) {
      return now - at < age.toNanos();
    }
  }

  public Probe(Threads threads) {
    this.threads = threads;
  }

  /// The answer to a question that was asked a moment ago, by whoever asked it.
  ///
  /// @param question asked in a thread of its own; one that throws is not answered
  /// @param unanswered the answer for those who would wait too long for one
  public T answer(Supplier<T> question, Supplier<T> unanswered) {
    Asked pending = pending(question);
    if (pending != null) {
      await(pending);
    }
    synchronized (this) {
      Found<T> last = found;
      return last != null && last.youngerThan(STAND_IN, threads.nanos())
          ? last.answer()
          : unanswered.get();
    }
  }

  /// Asks, unless an answer is kept or on its way. Waits for nothing: whoever looks at several
  /// servers asks all of them before waiting for the first.
  public void ask(Supplier<T> question) {
    pending(question);
  }

  /// The question that an answer has to come to; null where one is kept.
  private synchronized @Nullable Asked pending(Supplier<T> question) {
    long now = threads.nanos();
    if (asked == null) {
      Found<T> last = found;
      if (last != null && last.youngerThan(KEPT, now)) {
        return null;
      }
      Asked begun = new Asked(now, new CountDownLatch(1));
      asked = begun;
      threads.start("probe", () -> find(question, begun));
    }
    return asked;
  }

  private void find(Supplier<T> question, Asked begun) {
    Found<T> now = null;
    try {
      now = new Found<>(question.get(), threads.nanos());
    } finally {
      synchronized (this) {
        found = now == null ? found : now;
        asked = null;
      }
      begun.over().countDown();
    }
  }

  private void await(Asked pending) {
    long left = PATIENCE.toNanos() - (threads.nanos() - pending.at());
    try {
      threads.await(pending.over(), Duration.ofNanos(Math.max(0, left)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
