package dev.ponder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The seeds after those of [SimulationTests].
@Tag("slow")
class SimulationIT {

  private static final int ALL = Integer.getInteger("ponder.simulation.all", 2000);

  @BeforeAll
  static void silence() {
    SimulationTests.silence();
  }

  @AfterAll
  static void speak() {
    SimulationTests.speak();
  }

  @Test
  void everyRunKeepsThePromises() {
    assertThat(SimulationTests.turns(SimulationTests.RUNS + 1, ALL - SimulationTests.RUNS))
        .isPositive();
  }
}
