package dev.ponder.memory;

import dev.ponder.stage.Pipeline;
import dev.ponder.stage.PromptFacts;
import dev.ponder.stage.Stage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Recalls what a job has thought so far, for the prompt of its next thought. Later stages get
/// conclusions; only the synthesis gets reasoning too, shortened to what its prompt has room for.
public final class Recall {

  /// Of a shortened reasoning this part comes from its beginning; the rest from its end, where a
  /// line of thought comes to its result.
  private static final double FROM_BEGINNING = 0.25;

  private final Pipeline pipeline;
  private final List<Thought> thoughts;
  private final int visit;

  /// @param thoughts the job's finished thoughts
  /// @param visit which exploration counts: 2 once verification has sent the job back
  public Recall(Pipeline pipeline, List<Thought> thoughts, int visit) {
    this.pipeline = pipeline;
    this.thoughts = thoughts;
    this.visit = visit;
  }

  /// The conclusion of a stage with one branch.
  public Optional<Thought> of(Stage stage) {
    return all(stage).stream().findFirst();
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
    return pipeline.stage(thought.key().stage()).read(name, thought.conclusion());
  }

  /// The branches of the exploration with at most `tokens` tokens of reasoning each.
  ///
  /// @param tokens 0 leaves the reasoning out
  /// @param count counts the tokens of a text
  public List<PromptFacts.Branch> branches(int tokens, ToIntFunction<String> count) {
    return all(Stage.DEEP_EXPLORATION).stream()
        .map(
            thought ->
                new PromptFacts.Branch(
                    thought.key().branch(),
                    thought.conclusion(),
                    read(thought, "answer").orElse(null),
                    tokens == 0 ? null : shortened(thought, tokens, count)))
        .toList();
  }

  /// The conclusion of a stage, or null if it was not reached.
  public @Nullable String conclusion(Stage stage) {
    return of(stage).map(Thought::conclusion).filter(text -> !text.isEmpty()).orElse(null);
  }

  private static String shortened(Thought thought, int tokens, ToIntFunction<String> count) {
    String text = thought.reasoning();
    // No token is shorter than a character, so a short text needs no counting.
    if (text.length() <= tokens) {
      return text;
    }
    int counted = count.applyAsInt(text);
    if (counted <= tokens) {
      return text;
    }
    int kept = (int) ((long) text.length() * tokens / counted);
    int head = whole(text, (int) (kept * FROM_BEGINNING));
    int tail = whole(text, text.length() - (kept - head));
    return "%s\n[… about %d tokens left out …]\n%s"
        .formatted(text.substring(0, head), counted - tokens, text.substring(tail));
  }

  /// An index that does not cut a character in half.
  private static int whole(String text, int index) {
    boolean inside =
        index > 0 && index < text.length() && Character.isLowSurrogate(text.charAt(index));
    return inside ? index - 1 : index;
  }
}
