package dev.ponder.bench;

import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What one would write without Ponder: the five stages of the embedded model, one after another,
/// straight on an engine. Nothing is kept and nothing can be resumed. A majority of the branches
/// decides, else the verification's answer.
final class BareScript implements AutoCloseable {

  /// The engine that a bare script drives.
  interface Voice {
    Said say(Asked asked) throws Exception;
  }

  /// @param line the line of thought, from 0; lines with different numbers run side by side
  record Asked(
      int line, String system, String user, double temperature, long seed, int maxTokens) {}

  record Said(String text, int tokens) {
    String conclusion() {
      int end = text.indexOf("</think>");
      return end < 0 ? "" : text.substring(end + "</think>".length()).strip();
    }
  }

  record Done(String answer, int tokens) {}

  private static final int BRANCHES = 3;
  private static final int MAX_TOKENS = 512;
  private static final Map<Stage, Double> TEMPERATURES =
      Map.of(
          Stage.INITIAL_ANALYSIS, 0.8,
          Stage.DEEP_EXPLORATION, 0.7,
          Stage.SYNTHESIS, 0.6,
          Stage.VERIFICATION, 0.4,
          Stage.FINAL_OUTPUT, 0.5);
  private static final Map<Stage, String> SYSTEM =
      Map.of(
          Stage.INITIAL_ANALYSIS, "Stage: analysis. State the facts, the question and a plan.",
          Stage.DEEP_EXPLORATION, "Stage: exploration. Follow the plan step by step to an answer.",
          Stage.SYNTHESIS, "Stage: synthesis. Weigh the branches and settle on one candidate.",
          Stage.VERIFICATION, "Stage: verification. Check the candidate and give a verdict.",
          Stage.FINAL_OUTPUT, "Stage: final. State the final answer in one sentence.");

  private final Voice voice;
  private final ExecutorService threads = Executors.newFixedThreadPool(BRANCHES);

  BareScript(Voice voice) {
    this.voice = voice;
  }

  Done think(String prompt, long seed) throws Exception {
    var tokens = new int[1];
    Function<Said, Said> counted =
        said -> {
          tokens[0] += said.tokens();
          return said;
        };
    Said analysis = counted.apply(say(Stage.INITIAL_ANALYSIS, 1, prompt, seed));
    List<Said> branches = explore(prompt + "\n\nAnalysis:\n" + analysis.conclusion(), seed);
    branches.forEach(counted::apply);
    var weighed = new StringBuilder(prompt).append("\n\n");
    for (int i = 0; i < branches.size(); i++) {
      String answer = read("Answer", branches.get(i));
      weighed.append(answer == null ? "" : "Branch %d: Answer: %s\n".formatted(i + 1, answer));
    }
    Said synthesis =
        counted.apply(say(Stage.SYNTHESIS, 1, weighed.toString().stripTrailing(), seed));
    String candidate = read("Candidate", synthesis);
    Said verification =
        counted.apply(say(Stage.VERIFICATION, 1, prompt + "\n\nCandidate: " + candidate, seed));
    String majority = majority(branches);
    String verified = majority != null ? majority : read("Answer", verification);
    String confidence = read("Confidence", verification);
    Said last =
        counted.apply(
            say(
                Stage.FINAL_OUTPUT,
                1,
                prompt
                    + "\n\nVerified answer: "
                    + (verified == null ? candidate : verified)
                    + "\nConfidence: "
                    + (confidence == null ? "0.50" : confidence),
                seed));
    return new Done(last.conclusion(), tokens[0]);
  }

  private List<Said> explore(String user, long seed)
      throws InterruptedException, ExecutionException {
    List<Future<Said>> running = new ArrayList<>();
    for (int branch = 1; branch <= BRANCHES; branch++) {
      int number = branch;
      running.add(threads.submit(() -> say(Stage.DEEP_EXPLORATION, number, user, seed)));
    }
    List<Said> said = new ArrayList<>();
    for (Future<Said> each : running) {
      said.add(each.get());
    }
    return said;
  }

  private Said say(Stage stage, int branch, String user, long seed) throws Exception {
    return voice.say(
        new Asked(
            branch - 1,
            SYSTEM.get(stage),
            user,
            TEMPERATURES.get(stage),
            seedOf(seed, new ThoughtKey(stage, 1, branch)),
            MAX_TOKENS));
  }

  private static @Nullable String majority(List<Said> branches) {
    return branches.stream()
        .map(said -> read("Answer", said))
        .filter(answer -> answer != null)
        .collect(Collectors.groupingBy(answer -> answer, Collectors.counting()))
        .entrySet()
        .stream()
        .filter(entry -> entry.getValue() * 2 > BRANCHES)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String read(String name, Said said) {
    var matcher =
        Pattern.compile("^" + name + ": *(.+)$", Pattern.MULTILINE).matcher(said.conclusion());
    return matcher.find() ? matcher.group(1).strip() : null;
  }

  /// The seeds that Ponder derives, so that both go the same ways where nothing else differs.
  private static long seedOf(long seed, ThoughtKey key) {
    long z = seed * 31 + key.stage().ordinal();
    z = z * 31 + key.visit();
    z = z * 31 + key.branch();
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return (z ^ (z >>> 31)) & Integer.MAX_VALUE;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
