package dev.ponder.simulation;

import dev.ponder.job.SimulatedJobs;
import dev.ponder.journal.JournalSettings;
import dev.ponder.memory.Compression;
import dev.ponder.memory.Compressor;
import dev.ponder.thinking.SimulatedNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The nodes of a run. A node that has died is started anew after a while, as an operator would.
final class Cluster {

  private final Baton baton;
  private final Trace trace;
  private final Odds odds;
  private final Invariants invariants;
  private final SimulatedNode.Parts parts;
  private final List<Place> places = new ArrayList<>();
  private boolean closing;

  /// Where a node runs, one after another.
  private static final class Place {
    final int number;
    int starts;
    @Nullable Host host;
    @Nullable SimulatedNode node;
    boolean stopping;

    Place(int number) {
      this.number = number;
    }
  }

  Cluster(
      Baton baton,
      Trace trace,
      Odds odds,
      Invariants invariants,
      DataSource database,
      SimulatedJobs jobs,
      SimulatedEngine engine,
      JournalSettings journal,
      Supplier<UUID> ids) {
    this.baton = baton;
    this.trace = trace;
    this.odds = odds;
    this.invariants = invariants;
    int nodes = odds.between(1, 3);
    this.parts =
        new SimulatedNode.Parts(
            database,
            jobs,
            new Settings.OneModel(engine),
            Settings.onePipeline(),
            Settings.leases(),
            journal,
            SimulatedNode.thinking(Settings.ANSWER_WITHIN, odds.between(1, 5)),
            Settings.jobs(odds),
            nodes == 1 && odds.chance(0.5),
            ids,
            this::compressed,
            Duration.ofSeconds(odds.between(1, 20)));
    for (int i = 1; i <= nodes; i++) {
      places.add(new Place(i));
    }
  }

  /// What a model makes of a thought, sooner or later.
  private Compression compressed(Compressor.Material material) {
    baton.waitFor(null, Duration.ofMillis(odds.between(1, 3000)));
    return switch (odds.between(0, 9)) {
      case 0 -> new Compression.Rejected(List.of("missing: 13"), 40, 2);
      case 1 -> new Compression.Unneeded("It is short.");
      case 2 -> new Compression.Postponed("The engine is away, says the simulation.");
      default -> new Compression.Accepted("Key: of " + material.conclusion(), 40, 4, 1);
    };
  }

  void start(Host outside) {
    for (Place place : places) {
      boot(place);
      baton.spawn("operator", outside, () -> keepAlive(place));
    }
  }

  private void keepAlive(Place place) {
    while (!closing) {
      baton.waitFor(() -> isDown(place), Duration.ofHours(10));
      baton.waitFor(null, Duration.ofMillis(odds.between(10, 6000)));
      boot(place);
    }
  }

  private static boolean isDown(Place place) {
    return place.host == null || place.host.isDead();
  }

  private void boot(Place place) {
    long skew = Duration.ofMillis(odds.between(-100, 100)).toNanos();
    var host = new Host("node%d.%d".formatted(place.number, ++place.starts), skew);
    InstantSource clock = () -> SimulatedDatabase.START.plusNanos(baton.nanos() + host.skewNanos());
    var threads = new SimulatedThreads(baton, host, invariants::epochOf);
    var node = new SimulatedNode(parts, threads, clock);
    place.host = host;
    place.node = node;
    place.stopping = false;
    say(host, "starts");
    baton.spawn("main", host, () -> main(host, node));
    baton.spawn("housekeeping", host, () -> keepHouse(host, node));
  }

  /// Each node sweeps when it likes. In earnest they take turns; here two may do it at once, as
  /// they would when one was frozen and wakes.
  private void keepHouse(Host host, SimulatedNode node) {
    while (!closing) {
      baton.waitFor(null, Duration.ofMillis(odds.between(1000, 40_000)));
      try {
        node.sweep();
      } catch (RuntimeException e) {
        say(host, "cannot sweep: " + e.getMessage());
      }
    }
  }

  private void main(Host host, SimulatedNode node) {
    try {
      node.start();
    } catch (RuntimeException e) {
      say(host, "cannot start: " + e.getMessage());
      host.die();
    }
  }

  /// Stops a node in good order.
  void stopOne() {
    Place place = any();
    Host host = place.host;
    SimulatedNode node = place.node;
    if (host == null || node == null || host.isDead() || place.stopping) {
      return;
    }
    place.stopping = true;
    say(host, "stops");
    baton.spawn(
        "stop",
        host,
        () -> {
          node.stop();
          say(host, "has stopped");
          host.die();
        });
  }

  @Nullable Host anyHost() {
    Host host = any().host;
    return host == null || host.isDead() ? null : host;
  }

  List<Host> hosts() {
    return places.stream().map(place -> place.host).filter(java.util.Objects::nonNull).toList();
  }

  private Place any() {
    return places.get(odds.between(0, places.size() - 1));
  }

  /// Has a node do something for a client.
  ///
  /// @return its answer, or null if there was none: then nobody knows what happened
  <T> @Nullable T ask(Function<SimulatedNode, T> what) {
    Place place = any();
    Host host = place.host;
    SimulatedNode node = place.node;
    if (host == null || node == null || host.isDead()) {
      return null;
    }
    var answer = new Answer<T>();
    Task request =
        baton.spawn(
            "http",
            host,
            () -> {
              try {
                answer.value = what.apply(node);
              } catch (RuntimeException e) {
                answer.failure = e;
              }
              answer.there = true;
            });
    request.job = null;
    request.epoch = 0;
    baton.waitFor(() -> answer.there || host.isDead(), Duration.ofSeconds(20));
    if (answer.failure instanceof dev.ponder.job.JobProblem problem) {
      throw problem;
    }
    return answer.there ? answer.value : null;
  }

  private static final class Answer<T> {
    boolean there;
    @Nullable T value;
    @Nullable RuntimeException failure;
  }

  /// All is well from now on.
  void mend() {
    hosts().forEach(Host::mend);
  }

  private void say(Host host, String what) {
    trace.line(baton.nanos(), host.name(), what);
  }
}
