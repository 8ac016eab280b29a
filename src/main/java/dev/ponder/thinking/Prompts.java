package dev.ponder.thinking;

import dev.ponder.budget.TokenBudget;
import dev.ponder.compression.TokenCounts;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.Engine;
import dev.ponder.memory.Compression;
import dev.ponder.memory.Compressor.Material;
import dev.ponder.memory.Filling;
import dev.ponder.memory.Recall;
import dev.ponder.memory.Thought;
import dev.ponder.stage.Prompt;
import dev.ponder.stage.PromptFacts;
import dev.ponder.stage.PromptReads;
import dev.ponder.stage.PromptTemplate;
import dev.ponder.stage.Stage;
import dev.ponder.stage.StageConfig;
import dev.ponder.thinking.thought.FoldedPrompt;
import dev.ponder.thinking.thought.ThoughtMemory;
import dev.ponder.thinking.thought.ThoughtPrompt;
import dev.ponder.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Builds the prompt of a thought from what the job has thought before.
@Component
class Prompts {

  /// Tokens that a chat template and what no count sees take, generously.
  private static final int FRAME = 64;

  /// Room for a thought that is folded again and again, besides its immediate tier.
  private static final int LEAST_THOUGHT = 256;

  /// For a prompt that holds everything as it was thought.
  private static final Filling.Sources AS_THOUGHT =
      new Filling.Sources() {
        @Override
        public Filling.Summary summary(Thought thought) {
          return new Filling.Summary(null, 0, "nothing is compressed here");
        }

        @Override
        public boolean always() {
          return false;
        }
      };

  private final ThoughtMemory memory;

  Prompts(ThoughtMemory memory) {
    this.memory = memory;
  }

  /// What a prompt has to keep to.
  ///
  /// @param budget of the thought that follows it
  /// @param summariesBy until when summaries may take
  /// @param originals whether no summary may stand for a thought
  record Limits(TokenBudget budget, Instant summariesBy, boolean originals) {}

  ThoughtPrompt render(RunContext run, Stage stage, int branch, Limits limits) {
    var recall = new Recall(run.pipeline(), run.thoughts(), run.visit());
    PromptTemplate template = run.pipeline().stage(stage).template();
    PromptReads reads = PromptReads.of(template);
    int contextTokens = run.engine().capabilities().contextTokens();
    boolean folds = run.pipeline().compression() != null && reads.earlier();
    int immediate = immediate(limits.budget(), contextTokens);
    Filling.Sources sources = sources(run, limits);
    int problem = problemAtMost(run, template);
    int room = contextTokens - immediate - problem;
    var filling = new Filling(AS_THOUGHT, room);
    fill(filling, run, recall, stage, reads);
    if (room < 0 || sources.always() || !filling.isWhole()) {
      problem = problem(run, template);
      filling = new Filling(sources, contextTokens - immediate - problem);
      fill(filling, run, recall, stage, reads);
    }
    PromptFacts facts = facts(run, recall, stage, branch, filling);
    return new ThoughtPrompt(
        conversation(template, facts),
        folds ? folded(template, facts) : FoldedPrompt.NONE,
        filling.makeUp(contextTokens, immediate, problem));
  }

  /// The instructions' tokens are counted once, the problem's once for each job.
  private int problem(RunContext run, PromptTemplate template) {
    Engine engine = run.engine();
    return memory.count(engine, instructions(template))
        + memory.count(engine, run.job().prompt())
        + FRAME;
  }

  /// The most these can be. If all that was thought fits beside it, no tokenizer has to be asked:
  /// that is a call to the engine's process, before each job's first token.
  private static int problemAtMost(RunContext run, PromptTemplate template) {
    return TokenCounts.atMost(instructions(template))
        + TokenCounts.atMost(run.job().prompt())
        + FRAME;
  }

  private static String instructions(PromptTemplate template) {
    Prompt instructions = template.render(PromptFacts.of("?"));
    return instructions.system() + "\n" + instructions.user();
  }

  /// What is kept free for the thought: all it may write, or its tier if that is less. Half of the
  /// context is for what it reads, however long its conclusion may be.
  private int immediate(TokenBudget budget, int contextTokens) {
    int tier = memory.tiers().immediate(contextTokens);
    int least = Math.min(budget.conclusion() + LEAST_THOUGHT, contextTokens / 2);
    return Math.min(budget.total(), Math.max(tier, least));
  }

  private static void fill(
      Filling filling, RunContext run, Recall recall, Stage stage, PromptReads reads) {
    List<Thought> conclusions = new ArrayList<>();
    List<Thought> branches =
        stage.compareTo(Stage.DEEP_EXPLORATION) > 0
            ? recall.all(Stage.DEEP_EXPLORATION)
            : List.of();
    single(recall, stage, Stage.INITIAL_ANALYSIS, reads.analysis()).ifPresent(conclusions::add);
    single(recall, stage, Stage.SYNTHESIS, reads.synthesis()).ifPresent(conclusions::add);
    single(recall, stage, Stage.VERIFICATION, reads.verification()).ifPresent(conclusions::add);
    if (reads.conclusions()) {
      conclusions.addAll(branches);
    } else if (reads.answers()) {
      branches.forEach(branch -> filling.answer(branch, recall.read(branch, "answer").orElse("")));
    }
    String problem = run.job().prompt();
    filling.conclusions(recall.byRelevance(stage, problem, conclusions));
    if (reads.reasoning()) {
      filling.reasonings(recall.byRelevance(stage, problem, branches));
    }
  }

  private static Optional<Thought> single(Recall recall, Stage asked, Stage stage, boolean isRead) {
    return isRead && stage.compareTo(asked) < 0 ? recall.of(stage) : Optional.empty();
  }

  private Filling.Sources sources(RunContext run, Limits limits) {
    var compression = run.pipeline().compression();
    boolean always = compression != null && compression.betweenStages() && !limits.originals();
    return new Filling.Sources() {
      @Override
      public Filling.Summary summary(Thought thought) {
        return limits.originals()
            ? new Filling.Summary(null, 0, "a summary of it was doubted")
            : summarised(run, thought, limits.summariesBy());
      }

      @Override
      public boolean always() {
        return always;
      }
    };
  }

  private Filling.Summary summarised(RunContext run, Thought thought, Instant by) {
    var material = Material.of(run.job().model(), run.pipeline(), thought, new Deadline(by));
    return switch (memory.compress(material, run.live().scope())) {
      case Compression.Accepted accepted ->
          new Filling.Summary(accepted.insights(), accepted.tokensAfter(), null);
      case Compression outcome -> new Filling.Summary(null, 0, ThoughtMemory.told(outcome));
    };
  }

  private static PromptFacts facts(
      RunContext run, Recall recall, Stage stage, int branch, Filling filling) {
    var adjudication = run.adjudication(List.of());
    var settled = adjudication.settle();
    StageConfig config = run.pipeline().stage(stage);
    return new PromptFacts(
        run.job().prompt(),
        recalled(recall, filling, Stage.INITIAL_ANALYSIS),
        null,
        branches(recall, filling),
        recalled(recall, filling, Stage.SYNTHESIS),
        adjudication.candidate().orElse(null),
        recalled(recall, filling, Stage.VERIFICATION),
        settled.answer(),
        String.format(Locale.ROOT, "%.2f", settled.confidence()),
        stage == Stage.DEEP_EXPLORATION ? run.sentBack().orElse(null) : null,
        Math.min(branch, config.branches()),
        config.branches());
  }

  private static @Nullable String recalled(Recall recall, Filling filling, Stage stage) {
    return recall.of(stage).map(filling::conclusion).orElse(null);
  }

  /// A branch whose conclusion found no room still gives its answer.
  private static List<PromptFacts.Branch> branches(Recall recall, Filling filling) {
    return recall.all(Stage.DEEP_EXPLORATION).stream()
        .map(
            thought -> {
              String conclusion = filling.conclusion(thought);
              return new PromptFacts.Branch(
                  thought.key().branch(),
                  conclusion == null ? "" : conclusion,
                  recall.read(thought, "answer").orElse(null),
                  filling.reasoning(thought));
            })
        .toList();
  }

  private static FoldedPrompt folded(PromptTemplate template, PromptFacts facts) {
    return new FoldedPrompt() {
      @Override
      public boolean isPossible() {
        return true;
      }

      @Override
      public Conversation with(String earlier) {
        return conversation(template, facts.remembering(earlier));
      }
    };
  }

  private static Conversation conversation(PromptTemplate template, PromptFacts facts) {
    Prompt prompt = template.render(facts);
    return new Conversation(prompt.system(), prompt.user());
  }
}
