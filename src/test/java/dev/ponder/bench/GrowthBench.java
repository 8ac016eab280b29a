package dev.ponder.bench;

import dev.ponder.compression.check.FactCheck;
import dev.ponder.engine.text.ControlTokens;
import dev.ponder.memory.Filling;
import dev.ponder.memory.NastyText;
import dev.ponder.memory.Recall;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.PromptFacts;
import dev.ponder.stage.Stage;
import dev.ponder.stage.StageConfig;
import dev.ponder.stage.comparison.Notation;
import dev.ponder.thinking.LoopsForBench;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How the time of what a run does between two tokens grows with the text it does it to.
final class GrowthBench {

  private static final int[] SIZES = {10_000, 20_000, 40_000, 80_000, 160_000, 320_000};

  /// Those that found something, each for a kind of its own.
  private static final List<NastyText> KINDS =
      List.of(
          NastyText.PROSE,
          NastyText.NUMBERS,
          NastyText.ONE_NUMBER,
          NastyText.ONE_WORD,
          NastyText.NEGATIONS,
          NastyText.OBLIGATIONS,
          NastyText.MARKED_SENTENCES,
          NastyText.OPEN_BRACKETS,
          NastyText.SUMS_IN_BRACKETS,
          NastyText.BACK_QUOTES,
          NastyText.BASE64,
          NastyText.NO_SENTENCE_END,
          NastyText.LINE_ENDS,
          NastyText.BLANKS,
          NastyText.COMBINING_MARKS,
          NastyText.MIXED_MARKS,
          NastyText.LETTERS_BEYOND,
          NastyText.BROKEN_THOUSANDS,
          NastyText.SUM_WITH_RESULTS,
          NastyText.FRACTIONS,
          NastyText.VERSIONS_IN_A_PATH,
          NastyText.HYPHENS,
          NastyText.LABELS,
          NastyText.ANSWER_LINES,
          NastyText.TAGS);

  private static final double STEEPEST = 1.2;

  /// Milliseconds of the longest text below which nobody waits, however they grow.
  private static final double MATTERS = 5;

  /// Milliseconds below which the clock and the machine say more than the text.
  private static final double LEAST = 0.5;

  /// A measurement that took so many milliseconds is not repeated.
  private static final double LONG = 100;

  private static final int TRIES = 5;

  private final Results results;
  private final List<Pipeline> pipelines;
  private boolean grows;
  private long seed;

  GrowthBench(Results results, List<Pipeline> pipelines) {
    this.results = results;
    this.pipelines = pipelines;
  }

  private interface Work {
    Object on(String text);
  }

  /// Whether anything grew faster than its text.
  boolean grows() {
    return grows;
  }

  void run() {
    Map<String, Work> works = new LinkedHashMap<>();
    works.put("making a prompt of three such thoughts", this::prompt);
    works.put("making one after such a conclusion", this::promptAfterConclusion);
    works.put("checking a summary of a finished thought", GrowthBench::finished);
    works.put("checking a summary of a part", GrowthBench::unfinished);
    works.put("reading all conclusions of all pipelines", this::conclusions);
    works.put("looking for loops", LoopsForBench::read);
    works.put("neutralising control tokens", ControlTokens::harmless);
    works.put("comparing two answers", text -> Notation.compare(text, text + "1"));
    warmUp(works.values());
    works.forEach(this::measure);
  }

  private void warmUp(Iterable<Work> works) {
    for (int round = 0; round < 5; round++) {
      for (Work work : works) {
        KINDS.forEach(kind -> work.on(kind.of(2000)));
      }
    }
  }

  private void measure(String name, Work work) {
    double steepest = 0;
    double slowest = 0;
    String steep = "";
    String slow = "";
    for (NastyText kind : KINDS) {
      List<Double> times = new ArrayList<>();
      for (int size : SIZES) {
        times.add(milliseconds(work, kind.of(size)));
      }
      double longest = times.getLast();
      double exponent = exponent(times);
      boolean tooSteep = exponent > STEEPEST && longest > MATTERS;
      grows |= tooSteep;
      System.out.printf(
          Locale.ROOT,
          "%s  %-42s %-20s exponent %5.2f  ms %s%n",
          tooSteep ? "!" : " ",
          name,
          kind,
          exponent,
          times.stream()
              .map(time -> String.format(Locale.ROOT, "%8.2f", time))
              .collect(Collectors.joining()));
      if (longest > MATTERS && exponent > steepest) {
        steepest = exponent;
        steep = kind.name();
      }
      if (longest > slowest) {
        slowest = longest;
        slow = kind.name();
      }
    }
    int last = SIZES[SIZES.length - 1];
    results.add(
        "growth of " + name,
        Results.number(steepest),
        "<= " + STEEPEST,
        steep.isEmpty()
            ? "no kind takes %.0f ms at %,d characters".formatted(MATTERS, last)
            : "the steepest exponent of %d kinds of text, %s; least squares of log time by log length, 10,000 to %,d characters, processor time of the thread, best of up to %d"
                .formatted(KINDS.size(), steep, last, TRIES));
    results.add(
        "  ns a character, at the worst",
        Results.number(slowest * 1e6 / last),
        "",
        "%s, %,d characters".formatted(slow, last));
  }

  private static double milliseconds(Work work, String text) {
    var clock = ManagementFactory.getThreadMXBean();
    double best = Double.MAX_VALUE;
    for (int i = 0; i < TRIES && (i == 0 || best < LONG); i++) {
      long begin = clock.getCurrentThreadCpuTime();
      Object done = work.on(text);
      double time = (clock.getCurrentThreadCpuTime() - begin) / 1e6;
      best = done == null ? best : Math.min(best, time);
    }
    return best;
  }

  /// The slope of a line through the logarithms; 0 where there are not enough times to tell.
  static double exponent(List<Double> times) {
    double n = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < SIZES.length; i++) {
      if (times.get(i) >= LEAST) {
        double size = Math.log(SIZES[i]);
        double time = Math.log(times.get(i));
        n++;
        x += size;
        y += time;
        xx += size * size;
        xy += size * time;
      }
    }
    return n < 3 ? 0 : (n * xy - x * y) / (n * xx - x * x);
  }

  private Object prompt(String text) {
    List<Thought> branches =
        Stream.of(1, 2, 3).map(branch -> thought(branch, text, "Answer: 13")).toList();
    return prompt(branches);
  }

  private Object promptAfterConclusion(String text) {
    return prompt(List.of(thought(1, "Hm.", text), thought(2, "Hm.", text)));
  }

  /// As the prompt of a synthesis is made: half of what was thought has room.
  private Object prompt(List<Thought> branches) {
    Pipeline pipeline = pipelines.getFirst();
    var recall = new Recall(pipeline, branches, 1);
    int tokens = branches.stream().mapToInt(Thought::tokens).sum();
    var filling = new Filling(NO_SUMMARIES, tokens / 2);
    filling.conclusions(recall.byRelevance(Stage.SYNTHESIS, "How many?", branches));
    filling.reasonings(recall.byRelevance(Stage.SYNTHESIS, "How many?", branches));
    List<PromptFacts.Branch> parts =
        branches.stream()
            .map(
                each ->
                    new PromptFacts.Branch(
                        each.key().branch(),
                        each.conclusion(),
                        recall.read(each, "answer").orElse(null),
                        filling.reasoning(each)))
            .toList();
    return pipeline
        .stage(Stage.SYNTHESIS)
        .template()
        .render(
            new PromptFacts(
                "How many?", null, null, parts, null, null, null, null, null, null, 1, 3));
  }

  private static final Filling.Sources NO_SUMMARIES =
      new Filling.Sources() {
        @Override
        public Filling.Summary summary(Thought thought) {
          return new Filling.Summary(null, 0, null);
        }

        @Override
        public boolean always() {
          return false;
        }
      };

  /// Never the same twice: the words of a thought are remembered.
  private Thought thought(int branch, String reasoning, String conclusion) {
    return new Thought(
        new ThoughtKey(Stage.DEEP_EXPLORATION, 1, branch),
        seed++,
        reasoning + "</think>" + conclusion,
        reasoning,
        conclusion,
        (reasoning.length() + conclusion.length()) / 4,
        reasoning.length() / 4,
        Thought.ClosedBy.MODEL);
  }

  private static Object finished(String text) {
    return FactCheck.finished(text, text).check(text);
  }

  private static Object unfinished(String text) {
    return FactCheck.unfinished(text, text.lines().toList()).check("Key: 13 of them");
  }

  private Object conclusions(String text) {
    List<String> read = new ArrayList<>();
    for (Pipeline pipeline : pipelines) {
      for (Stage stage : Stage.values()) {
        StageConfig config = pipeline.stage(stage);
        if (config != null) {
          config.reads().keySet().forEach(name -> config.read(name, text).ifPresent(read::add));
        }
      }
      if (pipeline.compression() != null) {
        pipeline.compression().read(text).ifPresent(read::add);
        read.addAll(pipeline.compression().statements(text));
      }
    }
    return read;
  }
}
