package dev.ponder.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// What happens to nodes, to the database and to the engine from outside, one thing after another.
final class Trouble {

  private final Baton baton;
  private final Trace trace;
  private final Odds odds;
  private final Cluster cluster;
  private final SimulatedEngine engine;
  private final List<Runnable> kinds = new ArrayList<>();

  Trouble(Baton baton, Trace trace, Odds odds, Cluster cluster, SimulatedEngine engine) {
    this.baton = baton;
    this.trace = trace;
    this.odds = odds;
    this.cluster = cluster;
    this.engine = engine;
    for (Runnable kind :
        List.<Runnable>of(
            this::crash,
            this::freeze,
            cluster::stopOne,
            this::cutOff,
            this::databaseAway,
            this::engineAway,
            this::jump)) {
      if (odds.chance(0.4)) {
        kinds.add(kind);
      }
    }
  }

  /// Makes trouble until it is enough, or all are gone.
  void until(BooleanSupplier gone) {
    long end = baton.nanos() + Duration.ofSeconds(odds.between(1, 30)).toNanos();
    while (baton.nanos() < end && !gone.getAsBoolean()) {
      baton.waitFor(gone, Duration.ofMillis(odds.between(50, 4000)));
      if (!kinds.isEmpty()) {
        kinds.get(odds.between(0, kinds.size() - 1)).run();
      }
    }
  }

  private void crash() {
    Host host = cluster.anyHost();
    if (host != null) {
      say(host.name() + " dies");
      host.die();
    }
  }

  private void freeze() {
    Host host = cluster.anyHost();
    if (host != null) {
      say(host.name() + " freezes");
      host.freezeUntil(in(100, 12_000));
    }
  }

  private void cutOff() {
    Host host = cluster.anyHost();
    if (host != null) {
      say(host.name() + " is cut off from the database");
      host.cutOffUntil(in(100, 12_000));
    }
  }

  private void databaseAway() {
    say("the database is away");
    long until = in(100, 10_000);
    cluster.hosts().forEach(host -> host.cutOffUntil(until));
  }

  private void engineAway() {
    say("the engine is away");
    engine.awayUntil(in(100, 5_000));
  }

  private void jump() {
    say("all clocks jump");
    baton.jump(Duration.ofMillis(odds.between(100, 15_000)));
  }

  private long in(int least, int most) {
    return baton.nanos() + Duration.ofMillis(odds.between(least, most)).toNanos();
  }

  private void say(String what) {
    trace.line(baton.nanos(), "trouble", what);
  }
}
