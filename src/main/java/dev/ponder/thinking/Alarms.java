package dev.ponder.thinking;

import dev.ponder.budget.Threads;
import dev.ponder.engine.TokenStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.springframework.stereotype.Component;

/// Closes streams when their time is up, also while their reader waits for a token.
@Component
class Alarms {

  private final Threads threads;
  private final InstantSource time;

  Alarms(Threads threads, InstantSource time) {
    this.threads = threads;
    this.time = time;
  }

  /// An alarm that closes `stream` at `when` or up to a millisecond later, until it is disarmed.
  /// Never earlier: a thought whose time is not up would ask its engine again at once, in a circle.
  Alarm arm(TokenStream stream, Instant when) {
    var left =
        Duration.ofMillis(Math.max(0, Duration.between(time.instant(), when).toMillis()) + 1);
    var disarmed = new CountDownLatch(1);
    threads.start("thought-alarm", () -> ring(stream, disarmed, left));
    return new Alarm(disarmed);
  }

  private void ring(TokenStream stream, CountDownLatch disarmed, Duration left) {
    try {
      if (!threads.await(disarmed, left)) {
        stream.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  record Alarm(CountDownLatch disarmed) implements AutoCloseable {
    @Override
    public void close() {
      disarmed.countDown();
    }
  }
}
