package dev.ponder.thinking;

import dev.ponder.budget.TokenBudget;
import dev.ponder.engine.Conversation;
import dev.ponder.memory.Recall;
import dev.ponder.memory.Thought;
import dev.ponder.stage.Prompt;
import dev.ponder.stage.PromptFacts;
import dev.ponder.stage.Stage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Builds the prompt of a thought from what the job has thought before.
@Component
class Prompts {

  /// Tokens that a chat template and a system line take, generously.
  private static final int FRAME = 256;

  Conversation render(RunContext run, Stage stage, int branch, TokenBudget budget) {
    var recall = new Recall(run.pipeline(), run.thoughts(), run.visit());
    var settled = new Adjudication(run.pipeline(), run.thoughts(), run.visit()).settle();
    var facts =
        new PromptFacts(
            run.job().prompt(),
            recall.conclusion(Stage.INITIAL_ANALYSIS),
            null,
            branches(run, recall, stage, budget),
            recall.conclusion(Stage.SYNTHESIS),
            candidate(recall),
            recall.conclusion(Stage.VERIFICATION),
            settled.answer(),
            String.format(Locale.ROOT, "%.2f", settled.confidence()),
            stage == Stage.DEEP_EXPLORATION ? run.sentBack().orElse(null) : null,
            branch,
            run.pipeline().stage(stage).branches());
    Prompt prompt = run.pipeline().stage(stage).template().render(facts);
    return new Conversation(prompt.system(), prompt.user());
  }

  /// The branches with as much of their reasoning as the synthesis has room for; later stages get
  /// their conclusions.
  private static List<PromptFacts.Branch> branches(
      RunContext run, Recall recall, Stage stage, TokenBudget budget) {
    if (stage != Stage.SYNTHESIS) {
      return recall.branches(0, text -> 0);
    }
    int explored = Math.max(1, recall.all(Stage.DEEP_EXPLORATION).size());
    int room =
        run.engine().capabilities().contextTokens()
            - budget.total()
            - FRAME
            - run.engine().countTokens(run.job().prompt());
    return recall.branches(Math.max(0, room / explored), run.engine()::countTokens);
  }

  /// What the synthesis settled on; without one (its conclusion could not be read) the first branch
  /// speaks for the exploration.
  private static @Nullable String candidate(Recall recall) {
    return recall
        .of(Stage.SYNTHESIS)
        .flatMap(thought -> recall.read(thought, "candidate"))
        .or(() -> firstAnswer(recall))
        .orElse(null);
  }

  private static Optional<String> firstAnswer(Recall recall) {
    for (Thought branch : recall.all(Stage.DEEP_EXPLORATION)) {
      var answer = recall.read(branch, "answer");
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }
}
