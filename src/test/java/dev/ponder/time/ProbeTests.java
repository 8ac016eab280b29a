package dev.ponder.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class ProbeTests {

  private final VirtualTime threads = new VirtualTime();
  private final Probe<String> probe = new Probe<>(threads);
  private int asked;

  @Test
  void aThousandCallersAskOnce() {
    for (int i = 0; i < 1000; i++) {
      assertThat(answer("well")).isEqualTo("well");
    }

    assertThat(asked).isOne();
  }

  @Test
  void anAnswerIsKeptForAMoment() {
    answer("well");
    threads.pass(Probe.KEPT.minusMillis(1));
    String kept = answer("ill");
    threads.pass(Duration.ofMillis(1));

    assertThat(kept).isEqualTo("well");
    assertThat(answer("ill")).isEqualTo("ill");
    assertThat(asked).isEqualTo(2);
  }

  @Test
  void nobodyWaitsForAServerThatHangs() {
    threads.hangs = true;

    String first = answer("never");
    for (int i = 0; i < 1000; i++) {
      assertThat(answer("never")).isEqualTo("unanswered");
    }

    assertThat(first).isEqualTo("unanswered");
    assertThat(threads.waited).isEqualTo(Probe.PATIENCE);
    assertThat(threads.hanging).as("questions on their way").hasSize(1);
  }

  @Test
  void whatWasFoundStandsInForAnAnswerThatIsSlow() {
    answer("well");
    threads.hangs = true;
    threads.pass(Probe.KEPT);

    assertThat(answer("late")).isEqualTo("well");
    threads.pass(Duration.ofSeconds(10));
    assertThat(answer("late")).isEqualTo("unanswered");

    threads.goOn();
    assertThat(answer("another")).isEqualTo("late");
  }

  @Test
  void aQuestionThatFailsIsAskedAgain() {
    String failed =
        probe.answer(
            () -> {
              throw new IllegalStateException("no answer");
            },
            () -> "unanswered");

    assertThat(failed).isEqualTo("unanswered");
    assertThat(answer("well")).isEqualTo("well");
  }

  private String answer(String text) {
    return probe.answer(
        () -> {
          asked = asked + 1;
          return text;
        },
        () -> "unanswered");
  }

  /// Work is done at once, or once it goes on.
  private static final class VirtualTime implements Threads {
    private final List<Runnable> hanging = new ArrayList<>();
    private long nanos;
    private boolean hangs;
    private Duration waited = Duration.ZERO;

    private void pass(Duration time) {
      nanos += time.toNanos();
    }

    private void goOn() {
      hangs = false;
      hanging.forEach(Runnable::run);
      hanging.clear();
    }

    @Override
    public void start(String name, Runnable work) {
      if (hangs) {
        hanging.add(work);
        return;
      }
      try {
        work.run();
      } catch (IllegalStateException failed) {
        // The thread would end with it.
      }
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public boolean await(CountDownLatch latch, Duration atMost) {
      if (latch.getCount() == 0) {
        return true;
      }
      waited = waited.plus(atMost);
      pass(atMost);
      return false;
    }

    @Override
    public Working startWork(Runnable work) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void startService(String name, Runnable work) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean acquire(Semaphore semaphore, int permits, Duration atMost) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void pause(Duration time) {
      pass(time);
    }
  }
}
