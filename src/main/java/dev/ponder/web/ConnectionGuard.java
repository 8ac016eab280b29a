package dev.ponder.web;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps clients from holding what others need: a connection that keeps the service waiting ends
/// after a time, and where there is no room for a new one, those that have kept it waiting longest
/// make room. A connection whose request is being worked on keeps its place, however long that
/// takes.
public final class ConnectionGuard extends AbstractLifeCycle implements Connection.Listener {

  private static final Logger log = LoggerFactory.getLogger(ConnectionGuard.class);

  /// Between two looks at all connections, which take about a millisecond for ten thousand.
  private static final Duration LOOK = Duration.ofMillis(250);

  /// Room is made for this part of all at once, so that a flood of new connections does not sort
  /// all of them for each.
  private static final int PART = 100;

  private static final String TOO_MANY = "The body came slowly while too many others did so, too.";

  private final ConnectionLimits limits;
  private final LongSupplier nanos;
  private final Map<EndPoint, HeldConnection> held = new ConcurrentHashMap<>();
  private final Map<Object, Integer> byAddress = new ConcurrentHashMap<>();
  private @Nullable ScheduledExecutorService looks;

  public ConnectionGuard(ConnectionLimits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
  }

  /// On a thread of its own: those of the server may all be held by what is to be ended.
  @Override
  protected void doStart() {
    looks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("connection-guard").factory());
    looks.scheduleWithFixedDelay(
        this::lookAgain, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void doStop() {
    if (looks != null) {
      looks.shutdownNow();
    }
  }

  /// A timer ends with the first exception.
  private void lookAgain() {
    try {
      look();
    } catch (RuntimeException mistake) {
      log.error("The connections could not be looked at", mistake);
    }
  }

  /// Looks at every connection once.
  void look() {
    long now = nanos.getAsLong();
    held.forEach(
        (socket, connection) -> {
          try {
            if (connection.open()) {
              connection.look(now, limits);
            } else {
              forget(socket);
            }
          } catch (RuntimeException mistake) {
            log.error("A connection could not be looked at and is closed", mistake);
            connection.close();
          }
        });
    endUnfinished();
  }

  @Override
  public void onOpened(Connection connection) {
    if (!(socket(connection) instanceof AbstractEndPoint socket)) {
      return;
    }
    HeldConnection one = held.get(socket);
    boolean fresh = one == null;
    if (one == null) {
      one = new HeldConnection(socket, nanos.getAsLong());
      held.put(socket, one);
      byAddress.merge(one.address(), 1, Integer::sum);
    }
    if (connection instanceof HttpConnection http) {
      one.speaks(http);
    }
    if (fresh) {
      makeRoom(one);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    EndPoint socket = socket(connection);
    if (!socket.isOpen()) {
      forget(socket);
    }
  }

  private void forget(EndPoint socket) {
    HeldConnection one = held.remove(socket);
    if (one != null) {
      byAddress.computeIfPresent(one.address(), (address, n) -> n == 1 ? null : n - 1);
    }
  }

  /// Below TLS, where there is any.
  private static EndPoint socket(Connection connection) {
    EndPoint socket = connection.getEndPoint();
    while (socket instanceof EndPoint.Wrapper wrapper) {
      socket = wrapper.unwrap();
    }
    return socket;
  }

  int connections() {
    return held.size();
  }

  int unfinished() {
    return (int) held.values().stream().filter(HeldConnection::keepsMemory).count();
  }

  private void makeRoom(HeldConnection fresh) {
    makeRoom(fresh, other -> true, () -> held.size() - limits.connections());
    makeRoom(
        fresh,
        other -> other.address().equals(fresh.address()),
        () -> countOf(fresh.address()) - limits.perAddress());
  }

  private int countOf(Object address) {
    return byAddress.getOrDefault(address, 0);
  }

  private void makeRoom(
      HeldConnection fresh, Predicate<HeldConnection> among, IntSupplier tooMany) {
    if (tooMany.getAsInt() > 0) {
      makeRoomNow(fresh, among, tooMany);
    }
  }

  private synchronized void makeRoomNow(
      HeldConnection fresh, Predicate<HeldConnection> among, IntSupplier tooMany) {
    int excess = tooMany.getAsInt();
    if (excess <= 0) {
      return;
    }
    List<HeldConnection> leaving =
        longestWaiting(
            held.values().stream()
                .filter(one -> one != fresh && among.test(one) && one.makesRoom()),
            one -> countOf(one.address()),
            Math.max(excess, limits.connections() / PART));
    if (leaving.isEmpty()) {
      pushOut(fresh);
    } else {
      leaving.forEach(this::pushOut);
    }
  }

  /// Its room is free at once: while it closes, others need not leave for the same new one.
  private void pushOut(HeldConnection one) {
    forget(one.socket());
    one.close();
  }

  /// What they have sent, or do not take, is in memory.
  private void endUnfinished() {
    List<HeldConnection> unfinished =
        held.values().stream().filter(HeldConnection::keepsMemory).toList();
    if (unfinished.size() > limits.unfinished()) {
      Map<Object, Long> of =
          unfinished.stream()
              .collect(Collectors.groupingBy(HeldConnection::address, Collectors.counting()));
      longestWaiting(
              unfinished.stream(),
              one -> of.getOrDefault(one.address(), 0L),
              unfinished.size() - limits.unfinished())
          .forEach(one -> one.end(TOO_MANY));
    }
  }

  /// Of the address that holds the most, so that one that opens thousands pushes out its own.
  private List<HeldConnection> longestWaiting(
      Stream<HeldConnection> waiting, ToLongFunction<HeldConnection> heldByAddress, int most) {
    long now = nanos.getAsLong();
    record Waiting(HeldConnection connection, long held, long waited) {}
    List<Waiting> first =
        waiting
            .map(one -> new Waiting(one, heldByAddress.applyAsLong(one), one.waited(now)))
            .sorted(
                Comparator.comparingLong(Waiting::held)
                    .thenComparingLong(Waiting::waited)
                    .reversed())
            .limit(most)
            .toList();
    return first.stream()
        .map(Waiting::connection)
        .filter(one -> one.address().equals(first.getFirst().connection().address()))
        .toList();
  }
}
