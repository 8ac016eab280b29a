package dev.ponder.memory;

import dev.ponder.stage.Pipeline;
import dev.ponder.stage.Stage;
import dev.ponder.stage.StageConfig;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Recalls what a job has thought so far, for the prompt of its next thought. Later stages get
/// conclusions; only the synthesis gets reasoning too.
public final class Recall {

  private final Pipeline pipeline;
  private final List<Thought> thoughts;
  private final int visit;
  private final Map<Asked, StageConfig.Reading> read = new HashMap<>();

  /// A thought's value by its name.
  private record Asked(ThoughtKey key, String name) {}

  /// @param thoughts the job's finished thoughts
  /// @param visit which exploration counts: 2 once verification has sent the job back
  public Recall(Pipeline pipeline, List<Thought> thoughts, int visit) {
    this.pipeline = pipeline;
    this.thoughts = thoughts;
    this.visit = visit;
  }

  /// The thought of a stage with one branch. A verification that was asked again with originals in
  /// the place of summaries counts by its second thought.
  public Optional<Thought> of(Stage stage) {
    return all(stage).stream().reduce((before, last) -> last);
  }

  /// The thoughts of a stage, by branch. The analysis is made once; the other stages count anew
  /// when the job explores again.
  public List<Thought> all(Stage stage) {
    return thoughts.stream()
        .filter(thought -> thought.key().stage() == stage)
        .filter(thought -> stage == Stage.INITIAL_ANALYSIS || thought.key().visit() == visit)
        .sorted(Comparator.comparingInt(thought -> thought.key().branch()))
        .toList();
  }

  /// What the pipeline's pattern `name` reads from a thought's conclusion.
  public Optional<String> read(Thought thought, String name) {
    return read.computeIfAbsent(
            new Asked(thought.key(), name),
            asked -> pipeline.stage(thought.key().stage()).reading(name, thought.conclusion()))
        .value();
  }

  /// Which patterns were stopped while they read, and why; each once.
  public List<String> stopped() {
    return read.values().stream()
        .map(StageConfig.Reading::stopped)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .toList();
  }

  /// Thoughts of this visit, the most relevant for a stage first.
  ///
  /// @param problem the client's text
  public List<Thought> byRelevance(Stage asked, String problem, List<Thought> some) {
    if (some.size() < 2) {
      // To weigh them reads every word and number of the job.
      return some;
    }
    var relevance = new Relevance(asked, problem, thoughts);
    return some.stream().sorted(Comparator.comparingDouble(relevance::of).reversed()).toList();
  }

  /// The conclusion of a stage, or null if it was not reached.
  public @Nullable String conclusion(Stage stage) {
    return of(stage).map(Thought::conclusion).filter(text -> !text.isEmpty()).orElse(null);
  }
}
