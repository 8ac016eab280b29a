package dev.ponder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/// Hundreds of short runs of the orchestrator under a virtual clock; [SimulationIT] goes on with
/// more. A seed decides what goes wrong, when, and which thread comes first; the invariants are
/// checked after each step. `-Dponder.simulation.seed=N` runs one seed and prints what happened;
/// `-Dponder.simulation.runs=N` sets how many there are.
class SimulationTests {

  static final int RUNS = Integer.getInteger("ponder.simulation.runs", 400);

  private static final long FIRST_SEED = 1;
  private static final Long ONE_SEED = Long.getLong("ponder.simulation.seed");
  private static final int SEEDS_TO_BE_CAUGHT = 500;

  /// Statements as a mistake would make them.
  private static final Map<String, UnaryOperator<String>> MISTAKES =
      Map.of(
          "an append does not look at the epoch",
          sql ->
              sql.replace(
                  "from job where id = ? and epoch = ? and status = 'RUNNING' for update",
                  "from job where id = ? and (epoch = ? or true) for update"),
          "a claim does not raise the epoch",
          sql -> sql.replace("epoch = epoch + 1", "epoch = epoch"),
          "the chunks of a finished thought stay",
          sql ->
              sql.replace(
                  "delete from chunk where thought_id = ?",
                  "delete from chunk where thought_id = ? and false"));

  /// What goes wrong on purpose is logged as it would be in earnest, thousands of times.
  @BeforeAll
  static void silence() {
    logging(LogLevel.OFF);
  }

  @AfterAll
  static void speak() {
    logging(null);
  }

  private static void logging(LogLevel level) {
    LoggingSystem.get(SimulationTests.class.getClassLoader()).setLogLevel("dev.ponder", level);
  }

  @Test
  void everyRunKeepsThePromises() {
    if (ONE_SEED != null) {
      run(ONE_SEED, new Trace(true));
      return;
    }
    assertThat(turns(FIRST_SEED, RUNS)).isPositive();
  }

  /// Runs so many seeds, and answers how many turns they took.
  static long turns(long first, int runs) {
    long begun = System.nanoTime();
    long turns = 0;
    for (long seed = first; seed < first + runs; seed++) {
      turns += run(seed, new Trace(false)).turns();
    }
    System.out.printf(
        "Simulation: %d runs from seed %d, %d turns, %.0f runs/s%n",
        runs, first, turns, runs * 1e9 / (System.nanoTime() - begun));
    return turns;
  }

  @Test
  void theSameSeedGivesTheSameHistory() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 20; seed++) {
      Simulation.Result first = run(seed, new Trace(false));

      Simulation.Result second = run(seed, new Trace(false));

      assertThat(second).as("seed %d", seed).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "an append does not look at the epoch",
        "a claim does not raise the epoch",
        "the chunks of a finished thought stay"
      })
  void aMistakeInAStatementIsCaught(String mistake) {
    UnaryOperator<String> mutation = MISTAKES.get(mistake);

    boolean caught =
        LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS_TO_BE_CAUGHT)
            .anyMatch(seed -> fails(seed, mutation));

    assertThat(caught).as("one of %d seeds shows that %s", SEEDS_TO_BE_CAUGHT, mistake).isTrue();
  }

  private static boolean fails(long seed, UnaryOperator<String> mutation) {
    try {
      new Simulation(seed, new Trace(false), mutation).run();
      return false;
    } catch (Throwable broken) {
      System.out.printf("SimulationTests: caught by seed %d: %s%n", seed, broken.getMessage());
      return true;
    }
  }

  private static Simulation.Result run(long seed, Trace trace) {
    try {
      return new Simulation(seed, trace, UnaryOperator.identity()).run();
    } catch (Throwable broken) {
      throw new AssertionError(
          "Seed %d breaks a promise. Replay it with: mvn test -Dtest=SimulationTests -Dponder.simulation.seed=%d"
              .formatted(seed, seed),
          broken);
    } finally {
      trace.lines().forEach(System.out::println);
    }
  }
}
