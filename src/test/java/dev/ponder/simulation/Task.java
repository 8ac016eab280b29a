package dev.ponder.simulation;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A thread of the simulation. It runs only while it has the baton.
final class Task {

  static final long NEVER = Long.MAX_VALUE;

  final int number;
  final String name;
  final Host host;
  final Baton baton;

  /// Under which lease it works: the epoch its job had when the task was started, 0 for none.
  long epoch;

  /// The job it works for, if it does.
  java.util.@Nullable UUID job;

  /// The task whose work it does: itself, or the one that waits for it.
  private Task worksFor = this;

  private boolean interrupted;

  private final Thread thread;
  private boolean started;
  private volatile boolean mine;
  private @Nullable BooleanSupplier reached;
  private long wakeAt;

  Task(int number, String name, Host host, Baton baton, Runnable work) {
    this.number = number;
    this.name = name;
    this.host = host;
    this.baton = baton;
    this.thread = Thread.ofVirtual().name(name).unstarted(work);
  }

  void worksFor(Task other) {
    worksFor = other.worksFor;
  }

  /// The task in whose name it asks and reads.
  Task onBehalfOf() {
    return worksFor;
  }

  void interrupt() {
    interrupted = true;
  }

  boolean isInterrupted() {
    return interrupted;
  }

  /// Whether it was interrupted; it is not any more.
  boolean wasInterrupted() {
    boolean was = interrupted;
    interrupted = false;
    return was;
  }

  /// Gets the baton when this is reached, or at this time.
  void waitFor(@Nullable BooleanSupplier reached, long wakeAt) {
    this.reached = reached;
    this.wakeAt = wakeAt;
  }

  boolean hasStarted() {
    return started;
  }

  /// Whether it could go on now.
  boolean isReady(long now) {
    return now >= host.frozenUntil()
        && (now >= wakeAt || (reached != null && reached.getAsBoolean()));
  }

  /// When it goes on if nothing else happens.
  long wakesAt() {
    boolean ready = reached != null && reached.getAsBoolean();
    return Math.max(host.frozenUntil(), ready ? 0 : wakeAt);
  }

  void takeBaton() {
    mine = true;
    if (started) {
      LockSupport.unpark(thread);
    } else {
      started = true;
      thread.start();
    }
  }

  void awaitBaton() {
    while (!mine) {
      LockSupport.park(this);
    }
  }

  void giveBaton() {
    mine = false;
  }

  @Override
  public String toString() {
    return host.name() + "/" + name + "#" + number;
  }
}
