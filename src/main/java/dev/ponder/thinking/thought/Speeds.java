package dev.ponder.thinking.thought;

import dev.ponder.engine.Completion;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/// How fast each model decodes here, as the last thoughts showed: an exponential moving average, in
/// tokens per second of one thought.
@Component
public class Speeds {

  /// The weight of the newest thought.
  private static final double NEWEST = 0.3;

  /// Shorter generations say more about noise than about speed.
  private static final int FEWEST_TOKENS = 8;

  private final Map<String, Double> byModel = new ConcurrentHashMap<>();

  void learn(String model, Completion completion) {
    if (completion.usage().written() >= FEWEST_TOKENS && completion.decodeSpeed() > 0) {
      byModel.merge(
          model, completion.decodeSpeed(), (before, now) -> before * (1 - NEWEST) + now * NEWEST);
    }
  }

  /// 0 while unknown.
  public double of(String model) {
    return byModel.getOrDefault(model, 0.0);
  }
}
