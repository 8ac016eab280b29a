package dev.ponder.model;

import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.resilience.ResilientEngine;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// The health `engine`: down when the default model cannot serve. An engine that has not been
/// needed yet is up. It is no part of readiness: jobs are accepted and wait while an engine is
/// down.
@Component
class EngineHealthIndicator implements HealthIndicator {

  private final ModelRegistry registry;

  EngineHealthIndicator(ModelRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Health health() {
    Health.Builder health = Health.up();
    for (ServedModel model : registry.shown()) {
      EngineHealth state = model.recentHealth();
      if (registry.isDefault(model) && cannotServe(state.state())) {
        health.down();
      }
      health.withDetail(model.name(), detail(model, state));
    }
    return health.build();
  }

  private static boolean cannotServe(EngineHealth.State state) {
    return switch (state) {
      case DOWN, UNUSABLE -> true;
      case IDLE, STARTING, READY -> false;
    };
  }

  private static Map<String, Object> detail(ServedModel model, EngineHealth health) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("state", model.state());
    detail.put("detail", health.detail());
    detail.put("restarts", health.restarts());
    ResilientEngine.Circuit circuit = model.circuit();
    if (circuit != null) {
      detail.put("circuit", circuit.name().toLowerCase(Locale.ROOT));
    }
    if (!model.profile().fallbacks().isEmpty()) {
      detail.put("fallback", model.profile().fallbacks());
    }
    return detail;
  }
}
