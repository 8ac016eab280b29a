package dev.ponder.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkScopeTests {

  private static final Duration AT_ONCE = Duration.ofMillis(250);

  private final WorkScope scope =
      WorkScope.endless(Threads.ofThePlatform(), InstantSource.system());
  private final CountDownLatch free = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    free.countDown();
  }

  private static Instant in(long millis) {
    return Instant.now().plusMillis(millis);
  }

  /// Work that hears no interrupt.
  private String deaf() {
    boolean interrupted = false;
    while (free.getCount() > 0) {
      try {
        free.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted ? "was interrupted" : "was left alone";
  }

  @Test
  void whatIsDoneInTimeIsAnswered() {
    assertThat(scope.until(in(10_000)).call("it was done", () -> 42)).isEqualTo(42);
  }

  @Test
  void whatFailsFailsForTheCaller() {
    var failure = new IllegalStateException("It failed.");

    assertThatThrownBy(
            () ->
                scope.run(
                    "it was done",
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThatThrownBy(
            () ->
                scope.run(
                    "it was done",
                    () -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);
  }

  @Test
  void theCallerGoesOnWhenTheTimeIsUp() {
    Instant end = in(100);

    assertThatThrownBy(() -> scope.until(end).call("it was done", this::deaf))
        .isInstanceOf(TimeIsUp.class)
        .hasMessage("The time was up before it was done.");

    assertThat(Duration.between(end, Instant.now())).isBetween(Duration.ZERO, AT_ONCE);
  }

  @Test
  void aScopeEndsWithTheOneItIsIn() {
    assertThatThrownBy(() -> scope.until(in(50)).until(in(60_000)).call("it was done", this::deaf))
        .isInstanceOf(TimeIsUp.class);
  }

  @Test
  void theCallerGoesOnWhenItIsStopped() throws Exception {
    var working = new CountDownLatch(1);
    var task =
        new java.util.concurrent.FutureTask<>(
            () ->
                catchThrowable(
                    () ->
                        scope
                            .until(in(60_000))
                            .call(
                                "it was done",
                                () -> {
                                  working.countDown();
                                  return deaf();
                                })));
    Thread.ofVirtual().start(task);
    working.await();

    scope.stop(new IllegalStateException("stopped"));

    assertThat(task.get(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS)).hasMessage("stopped");
    assertThatThrownBy(() -> scope.call("more was done", () -> 1)).hasMessage("stopped");
  }

  @Test
  void whatComesTooLateIsClosed() throws Exception {
    var closed = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                scope
                    .until(in(50))
                    .<AutoCloseable>open(
                        "it was open",
                        () -> {
                          deaf();
                          return closed::countDown;
                        }))
        .isInstanceOf(TimeIsUp.class);
    free.countDown();

    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatIsHeldIsClosedAtTheEndAndNotBefore() throws Exception {
    var closed = new CountDownLatch(1);
    Instant end = in(200);

    scope.until(end).hold(closed::countDown);

    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(Instant.now()).isAfterOrEqualTo(end);
  }

  @Test
  void whatIsHeldIsClosedByAStopUnlessItWasReleased() throws Exception {
    var closed = new CountDownLatch(1);
    var released = new AtomicInteger();
    scope.hold(closed::countDown);
    scope.hold(released::incrementAndGet).close();

    scope.stop(new IllegalStateException("stopped"));

    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(released).hasValue(0);
  }

  @Test
  void whatWasStoppedHoldsNothing() throws Exception {
    scope.stop(new IllegalStateException("stopped"));
    var closed = new CountDownLatch(1);

    scope.hold(closed::countDown);

    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void noMoreIsBegunThanMayBeLeftBehind() {
    for (int i = 0; i < WorkScope.MOST_LEFT_BEHIND; i++) {
      assertThat(catchThrowable(() -> scope.until(in(20)).call("it was done", this::deaf)))
          .isInstanceOf(TimeIsUp.class);
    }

    assertThatThrownBy(() -> scope.call("it was done", () -> 1))
        .isInstanceOf(TimeIsUp.class)
        .hasMessageContaining("16 pieces of work");
  }

  @Test
  void anInterruptOfTheCallerReachesTheWork() throws Exception {
    var heard = new CountDownLatch(1);
    var working = new CountDownLatch(1);
    Thread caller =
        Thread.ofVirtual()
            .start(
                () ->
                    catchThrowable(
                        () ->
                            scope.run(
                                "it was done",
                                () -> {
                                  working.countDown();
                                  try {
                                    free.await();
                                  } catch (InterruptedException e) {
                                    heard.countDown();
                                  }
                                })));
    working.await();

    caller.interrupt();

    assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
    caller.join();
  }

  /// A small machine has as many virtual threads at work as it has processors, and no more.
  @Test
  void workThatComputesForLongKeepsNobodyFromNoticing() {
    int processors = Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < 2 * processors; i++) {
      Instant end = in(100);
      assertThat(
              catchThrowable(
                  () ->
                      scope
                          .until(end)
                          .run(
                              "it was done",
                              () -> {
                                while (free.getCount() > 0) {
                                  Thread.onSpinWait();
                                }
                              })))
          .isInstanceOf(TimeIsUp.class);
    }
  }
}
