package dev.ponder.engine;

import dev.ponder.engine.resilience.ResilienceSettings;
import dev.ponder.engine.resilience.ResilientEngine;
import java.time.Duration;
import java.time.InstantSource;

/// A resilient engine is an engine: what is in it keeps its contract.
class ResilientEngineContractTests extends EngineContract {

  @Override
  protected Engine engine() {
    return resilient(new ScriptedEngine("scripted"));
  }

  @Override
  protected Engine slowEngine() {
    return resilient(new ScriptedEngine("scripted").takes(Duration.ofMillis(50)));
  }

  @Override
  protected Engine engineToClose() {
    return slowEngine();
  }

  private static Engine resilient(ScriptedEngine scripted) {
    return new ResilientEngine(scripted, ResilienceSettings.defaults(), InstantSource.system());
  }
}
