package dev.ponder.thinking;

import dev.ponder.engine.TokenStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/// Closes streams when their time is up, also while their reader waits for a token.
@Component
class Alarms implements DisposableBean {

  private final ScheduledThreadPoolExecutor clock;
  private final InstantSource time;

  Alarms(InstantSource time) {
    this.time = time;
    clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("thought-alarm").factory());
    clock.setRemoveOnCancelPolicy(true);
  }

  /// An alarm that closes `stream` at `when` or up to a millisecond later, until it is disarmed.
  /// Never earlier: a thought whose time is not up would ask its engine again at once, in a circle.
  Alarm arm(TokenStream stream, Instant when) {
    long left = Duration.between(time.instant(), when).toMillis() + 1;
    var future = clock.schedule(stream::close, Math.max(0, left), TimeUnit.MILLISECONDS);
    return new Alarm(future);
  }

  record Alarm(ScheduledFuture<?> future) implements AutoCloseable {
    @Override
    public void close() {
      future.cancel(false);
    }
  }

  @Override
  public void destroy() {
    clock.shutdownNow();
  }
}
