package dev.ponder.thinking;

import dev.ponder.engine.Completion;
import dev.ponder.engine.GenerationRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Whether it pays to have an engine evaluate once what several prompts have in common. It copies
/// what it evaluated, which takes a few dozen milliseconds with the requests around it: next to
/// nothing beside a long prompt of a large model, and more than all there is to save with a small
/// one. Learned from each time it was done.
@Component
class Sharing {

  /// A time that was not worth it counts for so much less each time it is asked for: one that was
  /// slow because the machine was busy is tried again after some dozens of jobs.
  private static final double FADING = 0.97;

  /// With less of a prompt evaluated, its speed says nothing.
  private static final double LEAST_EVALUATED = 0.25;

  /// @param copying nanoseconds that sharing took besides the evaluation
  /// @param evaluating nanoseconds for a character of a prompt, 0 while unknown
  private record Cost(double copying, double evaluating) {}

  private final Map<String, Cost> byModel = new ConcurrentHashMap<>();

  /// Whether these should be shared. A model that has never shared is tried.
  boolean pays(String model, List<GenerationRequest> requests) {
    Cost cost = byModel.get(model);
    if (cost == null || cost.evaluating() == 0) {
      return true;
    }
    double saved = (requests.size() - 1.0) * common(requests) * cost.evaluating();
    if (saved >= cost.copying()) {
      return true;
    }
    byModel.put(model, new Cost(cost.copying() * FADING, cost.evaluating()));
    return false;
  }

  /// @param evaluated what the evaluation cost, null if nothing was shared
  /// @param took all of it
  void learn(
      String model,
      List<GenerationRequest> requests,
      @Nullable Completion evaluated,
      Duration took) {
    int characters = common(requests);
    if (evaluated == null || characters == 0 || evaluated.usage().prompt() == 0) {
      return;
    }
    double fresh = 1 - (double) evaluated.usage().cached() / evaluated.usage().prompt();
    double prefill = evaluated.prefill().toNanos();
    Cost before = byModel.get(model);
    double speed =
        fresh >= LEAST_EVALUATED
            ? prefill / (characters * fresh)
            : before == null ? 0 : before.evaluating();
    byModel.put(model, new Cost(Math.max(0, took.toNanos() - prefill), speed));
  }

  /// Characters that the prompts begin with, as the model's template joins them.
  private static int common(List<GenerationRequest> requests) {
    char[] first = text(requests.getFirst());
    int length = first.length;
    for (GenerationRequest other : requests) {
      int mismatch = Arrays.mismatch(first, text(other));
      length = mismatch < 0 ? length : Math.min(length, mismatch);
    }
    return length;
  }

  private static char[] text(GenerationRequest request) {
    String system = request.conversation().system();
    return ((system == null ? "" : system) + "\n" + request.conversation().user()).toCharArray();
  }
}
