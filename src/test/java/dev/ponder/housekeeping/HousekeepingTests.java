package dev.ponder.housekeeping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.JobSlice;
import dev.ponder.job.LeaseSettings;
import dev.ponder.job.RecurringWork;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(classes = JobSlice.class, properties = JobSlice.FRESH_DATA)
class HousekeepingTests {

  private static final Duration EVERY = Duration.ofMillis(200);

  @Autowired DataSource source;

  @Test
  void twoNodesDoRecurringWorkOnceAtATime() throws InterruptedException {
    var times = new CountDownLatch(6);
    var together = new AtomicInteger();
    var mostTogether = new AtomicInteger();
    var lastEnd = new AtomicLong();
    var shortest = new AtomicLong(Long.MAX_VALUE);
    var work =
        new RecurringWork(
            "counting",
            EVERY,
            () -> {
              mostTogether.accumulateAndGet(together.incrementAndGet(), Math::max);
              long before = lastEnd.get();
              if (before != 0) {
                shortest.accumulateAndGet(System.nanoTime() - before, Math::min);
              }
              lastEnd.set(System.nanoTime());
              together.decrementAndGet();
              times.countDown();
            });
    var one = node(work);
    var two = node(work);

    one.start();
    two.start();
    boolean done = times.await(60, TimeUnit.SECONDS);
    one.stop();
    two.stop();

    assertThat(done).isTrue();
    assertThat(mostTogether).hasValue(1);
    assertThat(Duration.ofNanos(shortest.get())).isGreaterThanOrEqualTo(EVERY.dividedBy(2));
  }

  @Test
  void workThatFailsIsTriedAgain() throws InterruptedException {
    var tries = new CountDownLatch(3);
    var node =
        node(
            new RecurringWork(
                "failing",
                EVERY,
                () -> {
                  tries.countDown();
                  throw new IllegalStateException("This work fails on purpose");
                }));

    node.start();
    boolean again = tries.await(60, TimeUnit.SECONDS);
    node.stop();

    assertThat(again).isTrue();
  }

  private Housekeeping node(RecurringWork work) {
    var lease =
        new LeaseSettings(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofMillis(100));
    return new Housekeeping(
        source,
        List.of(work),
        lease,
        new HousekeepingSettings(Duration.ofMillis(50), 2, 4, Duration.ofSeconds(5)));
  }
}
