package dev.ponder;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

class ModularityTests {

  @Test
  void theArrowsBetweenThePackagesPointOneWay() {
    ApplicationModules.of(PonderService.class).verify();
  }
}
