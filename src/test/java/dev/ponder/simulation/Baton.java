package dev.ponder.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Lets one task run at a time. Whoever waits hands the baton over, a seeded random number says to
/// whom, and time passes only when nobody could go on.
final class Baton {

  private static final ThreadLocal<Task> CURRENT = new ThreadLocal<>();

  /// Time that a turn takes, so that nobody can go round in circles for ever, and no two events
  /// have the same time.
  private static final long TURN_NANOS = 1_000;

  private static final int MOST_TURNS = 300_000;

  private final SplittableRandom random;
  private final Trace trace;
  private final List<Task> tasks = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private int spawned;
  private int turns;
  private long now;
  private boolean ending;
  private @Nullable Throwable failure;

  Baton(SplittableRandom random, Trace trace) {
    this.random = random;
    this.trace = trace;
  }

  static Task current() {
    Task task = CURRENT.get();
    if (task == null) {
      throw new IllegalStateException("Only a task of a simulation comes here");
    }
    return task;
  }

  static boolean isSimulated() {
    return CURRENT.get() != null;
  }

  long nanos() {
    return now;
  }

  int turns() {
    return turns;
  }

  /// Runs the first task, and all that it starts, until it ends.
  void run(Host host, Runnable first) throws Throwable {
    spawn(
            "first",
            host,
            () -> {
              first.run();
              ending = true;
            })
        .takeBaton();
    if (!over.await(120, TimeUnit.SECONDS)) {
      throw new AssertionError("The simulation hangs; its tasks: " + tasks);
    }
    if (failure != null) {
      throw failure;
    }
  }

  /// A task that gets the baton some time from now on.
  Task spawn(String name, Host host, Runnable work) {
    Task[] self = new Task[1];
    Task task = new Task(++spawned, name, host, this, () -> live(self[0], work));
    self[0] = task;
    if (isSimulated()) {
      task.epoch = current().epoch;
      task.job = current().job;
    }
    tasks.add(task);
    return task;
  }

  private void live(Task task, Runnable work) {
    CURRENT.set(task);
    try {
      work.run();
    } catch (Killed died) {
      // As it had to be.
    } catch (Throwable unexpected) {
      fail(unexpected);
    }
    tasks.remove(task);
    Task next = tasks.isEmpty() ? null : chosen();
    if (next == null) {
      over.countDown();
    } else {
      next.takeBaton();
    }
  }

  /// Ends the simulation: something is wrong.
  void fail(Throwable why) {
    if (failure == null) {
      failure = why;
    }
    ending = true;
  }

  /// A point at which another task may come first.
  void yield() {
    waitFor(null, Duration.ZERO);
  }

  /// Waits until something is so, for no longer than this. Answers whether it is.
  boolean waitFor(@Nullable BooleanSupplier reached, Duration atMost) {
    Task self = current();
    checkAlive();
    long wait = atMost.toNanos();
    self.waitFor(reached, wait > Task.NEVER - now ? Task.NEVER : now + wait);
    self.giveBaton();
    Task next = chosen();
    if (next == null) {
      throw new Killed();
    }
    next.takeBaton();
    self.awaitBaton();
    checkAlive();
    return reached != null && reached.getAsBoolean();
  }

  /// The same for a wait that an interrupt of the task ends.
  boolean waitInterruptibly(BooleanSupplier reached, Duration atMost) throws InterruptedException {
    Task self = current();
    waitFor(() -> self.isInterrupted() || reached.getAsBoolean(), atMost);
    if (self.wasInterrupted()) {
      throw new InterruptedException();
    }
    return reached.getAsBoolean();
  }

  /// @throws Killed if the host of the current task has died
  void checkAlive() {
    if (isDoomed(current())) {
      throw new Killed();
    }
  }

  private boolean isDoomed(Task task) {
    return ending || task.host.isDead();
  }

  /// The clock jumps, as it does for machines that were suspended together.
  void jump(Duration by) {
    now += by.toNanos();
  }

  /// Who gets the baton; null if nobody is left.
  private @Nullable Task chosen() {
    bury();
    now += TURN_NANOS;
    if (++turns > MOST_TURNS) {
      fail(new AssertionError("No end after %d turns".formatted(MOST_TURNS)));
    }
    for (Task task : tasks) {
      if (isDoomed(task)) {
        return task;
      }
    }
    List<Task> ready = ready();
    if (ready.isEmpty()) {
      long next = tasks.stream().mapToLong(Task::wakesAt).min().orElse(Task.NEVER);
      if (next == Task.NEVER) {
        fail(new AssertionError("Everybody waits for ever: " + tasks));
        bury();
        return tasks.isEmpty() ? null : tasks.getFirst();
      }
      now = Math.max(now, next);
      ready = ready();
    }
    Task task = ready.get(random.nextInt(ready.size()));
    trace.turn(now, task);
    return task;
  }

  /// Those who died before they began need no end.
  private void bury() {
    tasks.removeIf(task -> isDoomed(task) && !task.hasStarted());
  }

  private List<Task> ready() {
    List<Task> ready = new ArrayList<>();
    for (Task task : tasks) {
      if (task.isReady(now)) {
        ready.add(task);
      }
    }
    return ready;
  }
}
