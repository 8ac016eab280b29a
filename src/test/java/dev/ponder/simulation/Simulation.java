package dev.ponder.simulation;

import dev.ponder.job.SimulatedJobs;
import dev.ponder.journal.JournalSettings;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import dev.ponder.thinking.SimulatedNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/// One run: some nodes, an engine, a database and some clients, for as long as the seed says; then
/// everything is mended, and all jobs have to come to their end.
final class Simulation {

  private static final Map<Baton, SimulatedDatabase> DATABASES = new ConcurrentHashMap<>();
  private static final DataSource CURRENT =
      SimulatedDatabase.ofTheCurrentTask(baton -> DATABASES.get(baton));
  private static final SimulatedJobs JOBS = new SimulatedJobs(CURRENT);

  private static final Duration LONGEST_DEADLINE = Duration.ofSeconds(90);

  private final Trace trace;
  private final Odds odds;
  private final Baton baton;
  private final SimulatedDatabase database;
  private final JournalSettings journal;
  private final Invariants invariants;
  private final SimulatedEngine engine;
  private final Cluster cluster;
  private final Set<UUID> cancelled = new HashSet<>();
  private long jobs;

  /// What came of a run.
  ///
  /// @param hash the same for equal histories
  record Result(
      long hash, int turns, int checks, int decoded, Duration virtual, Map<String, Integer> ends) {}

  Simulation(long seed, Trace trace, UnaryOperator<String> mutation) throws Exception {
    this.trace = trace;
    var random = new SplittableRandom(seed);
    odds = new Odds(random.split());
    baton = new Baton(random.split(), trace);
    database = new SimulatedDatabase(baton, trace, odds, mutation);
    DATABASES.put(baton, database);
    journal = Settings.journal(odds);
    invariants = new Invariants(baton, trace, database.inspection(), journal.chunkTokens());
    engine = new SimulatedEngine(baton, trace, odds, new Rules());
    cluster =
        new Cluster(baton, trace, odds, invariants, CURRENT, JOBS, engine, journal, this::nextId);
    database.watchedBy(invariants::committed, Host::die);
  }

  private final class Rules implements SimulatedEngine.Rules {
    @Override
    public boolean isFinished(Script script) {
      return invariants.isFinished(script);
    }

    @Override
    public boolean isStale() {
      return invariants.isStale();
    }

    @Override
    public int mostAgain() {
      return 2 * journal.chunkTokens() + journal.unwrittenMax() + 4;
    }
  }

  /// Ids that grow with time, as the real ones do.
  private UUID nextId() {
    return new UUID(
        0x0190_0000_0000_7000L + (baton.nanos() << 16), 0x8000_0000_0000_0000L + ++jobs);
  }

  Result run() throws Throwable {
    var outside = new Host("outside", 0);
    try {
      baton.run(outside, () -> live(outside));
    } finally {
      DATABASES.remove(baton);
      database.close();
    }
    Map<String, Integer> ends = new LinkedHashMap<>();
    invariants.jobs().values().forEach(job -> ends.merge(job.status.key(), 1, Integer::sum));
    return new Result(
        trace.hash(),
        baton.turns(),
        invariants.checks(),
        engine.decoded(),
        Duration.ofNanos(baton.nanos()),
        ends);
  }

  private void live(Host outside) {
    cluster.start(outside);
    int clients = odds.between(1, 4);
    int[] gone = new int[1];
    for (int i = 1; i <= clients; i++) {
      long seed = 1000L * i + odds.between(0, 999);
      write(seed);
      var client = new Client(baton, trace, odds, cluster, invariants, cancelled, i, seed);
      baton.spawn(
          "client",
          outside,
          () -> {
            client.live();
            gone[0]++;
          });
    }
    new Trouble(baton, trace, odds, cluster, engine).until(() -> gone[0] == clients);
    trace.line(baton.nanos(), "outside", "all is well from now on");
    odds.end();
    cluster.mend();
    engine.mend();
    var calm =
        SimulatedDatabase.START
            .plusNanos(baton.nanos())
            .plus(Settings.ANSWER_WITHIN.multipliedBy(4));
    finish(() -> gone[0] == clients);
    invariants.atTheEnd(engine::hasRefused, cancelled::contains, calm);
  }

  /// Waits until all jobs are over, and resumes those that wait for somebody to do so.
  private void finish(java.util.function.BooleanSupplier clientsAreGone) {
    long end = baton.nanos() + LONGEST_DEADLINE.plusSeconds(120).toNanos();
    var friend = new Client(baton, trace, odds, cluster, invariants, cancelled, 0, 0);
    while (baton.nanos() < end && !(clientsAreGone.getAsBoolean() && invariants.allOver())) {
      baton.waitFor(
          () -> clientsAreGone.getAsBoolean() && invariants.allOver(), Duration.ofSeconds(3));
      List<UUID> paused =
          invariants.jobs().entrySet().stream()
              .filter(job -> job.getValue().status == dev.ponder.job.JobStatus.PAUSED)
              .map(Map.Entry::getKey)
              .toList();
      paused.forEach(friend::resume);
    }
  }

  /// The scripts of the job that will have this seed.
  private void write(long seed) {
    Map<ThoughtKey, Script> scripts = new HashMap<>();
    boolean agree = odds.chance(0.7);
    for (Stage stage : Stage.values()) {
      for (int visit = 1; visit <= 2; visit++) {
        for (int branch = 1; branch <= (stage == Stage.DEEP_EXPLORATION ? 3 : 1); branch++) {
          var key = new ThoughtKey(stage, visit, branch);
          String answer = agree ? "13" : "1" + odds.between(0, 9);
          var script = new Script(seed, key, odds.between(2, 45), answer, Settings.CLOSING);
          scripts.put(key, script);
          engine.knows(SimulatedNode.seedOf(seed, key), script);
        }
      }
    }
    invariants.knows(seed, scripts);
  }
}
