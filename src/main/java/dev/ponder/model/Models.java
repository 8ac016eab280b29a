package dev.ponder.model;

import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import java.util.List;
import java.util.function.Predicate;

/// The models there are, by name.
public interface Models {

  /// The names that a job may ask for; the default model comes first.
  List<String> names();

  /// The model of a job that names none.
  String defaultModel();

  /// The pipeline that a model is used with, unless the job names another.
  String pipeline(String model);

  /// The engine of a model, made when it is first asked for. It belongs to the registry: nobody
  /// else closes it.
  ///
  /// @throws dev.ponder.engine.EngineException.Unusable if the model's file cannot be used
  /// @throws dev.ponder.engine.EngineException.Unavailable if there is no such model now; one that
  ///     is configured or attached again is found again
  Engine engine(String model);

  /// Lines of thought of any model will not be continued, as [Engine#forget] has it.
  default void forget(String affinity) {}

  /// Has engines give up what they keep of lines of thought, on this machine, that do not go on.
  ///
  /// @param goesOn is asked for each of them, by its affinity
  default void tidy(Predicate<String> goesOn) {}

  /// The models that take over when this one's engine cannot be had, in this order.
  default List<String> fallbacks(String model) {
    return List.of();
  }

  /// Whether a request to a model's engine is worth a try, after one has failed: as far as can be
  /// told without a request. Starts nothing, and takes about a second at most.
  default boolean mayAnswer(String model) {
    try {
      return switch (engine(model).health().state()) {
        // What is wrong with one that cannot be used is said by the request itself.
        case READY, IDLE, UNUSABLE -> true;
        case STARTING, DOWN -> false;
      };
    } catch (EngineException.Unusable e) {
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  /// Whether a model's engine has failed so often that it is left alone for a while.
  default boolean resting(String model) {
    return false;
  }
}
