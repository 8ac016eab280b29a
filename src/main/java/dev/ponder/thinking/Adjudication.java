package dev.ponder.thinking;

import dev.ponder.memory.Recall;
import dev.ponder.memory.Thought;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.Stage;
import dev.ponder.stage.Switch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Settles what the job's thoughts come to.
///
/// Agreement decides, not opinion: an answer on which more than half of the branches agree stands,
/// whatever the verification says of it. Without agreement the verification's own recomputed answer
/// decides, then the synthesis' candidate, then a branch.
///
/// Confidence is the Krichevsky–Trofimov estimate `(k + 1/2) / (n + 1)` over n witnesses of which k
/// support the answer: each branch that concluded by itself is one witness, a branch whose thought
/// was closed for it counts half, the verification's recomputation is one. With the switch
/// `confidenceAssessment` a tenth of it is the confidence that the verification states.
final class Adjudication {

  private static final double STATED = 0.1;

  private final Pipeline pipeline;
  private final List<Thought> branches;
  private final Recall recall;
  private final Optional<Thought> verification;
  private final Optional<String> candidate;
  private final Optional<String> recomputed;

  /// @param thoughts all finished thoughts of the job
  /// @param visit which exploration was the last
  Adjudication(Pipeline pipeline, List<Thought> thoughts, int visit) {
    this.pipeline = pipeline;
    this.recall = new Recall(pipeline, thoughts, visit);
    this.branches =
        thoughts.stream().filter(t -> t.key().stage() == Stage.DEEP_EXPLORATION).toList();
    this.verification = recall.of(Stage.VERIFICATION);
    this.candidate = recall.of(Stage.SYNTHESIS).flatMap(t -> recall.read(t, "candidate"));
    this.recomputed = verification.flatMap(t -> recall.read(t, "answer"));
  }

  /// What the thoughts come to.
  ///
  /// @param answer the value, or null when no thought came to one
  /// @param confidence in [0, 1]
  /// @param restsOn a sentence for the client
  record Settlement(@Nullable String answer, double confidence, String restsOn) {}

  Settlement settle() {
    Optional<String> agreed = agreed();
    Optional<String> answer =
        agreed.or(() -> recomputed).or(() -> candidate).or(() -> answers().stream().findFirst());
    if (answer.isEmpty()) {
      return new Settlement(null, 0.1, "no stage came to an answer that could be read");
    }
    return new Settlement(
        answer.get(), confidence(answer.get()), restsOn(answer.get(), agreed.isPresent()));
  }

  /// Why the job should explore once more, if it should: the branches do not agree, and the
  /// verification does not confirm the candidate either.
  Optional<String> reasonToExploreAgain() {
    if (!pipeline.has(Switch.ERROR_CORRECTION) || verification.isEmpty() || agreed().isPresent()) {
      return Optional.empty();
    }
    if (recomputed.isPresent()
        && candidate.isPresent()
        && same(recomputed.get(), candidate.get())) {
      return Optional.empty();
    }
    return Optional.of(
        "The branches came to different answers (%s), and the check of the candidate %s came to %s."
            .formatted(
                answers().isEmpty() ? "none that could be read" : String.join(", ", answers()),
                candidate.orElse("(none)"),
                recomputed.orElse("no answer")));
  }

  /// Whether the verification does not confirm the candidate: by its own result, or by its word
  /// where it has none.
  boolean verificationDoubts() {
    if (verification.isEmpty() || candidate.isEmpty()) {
      return false;
    }
    if (recomputed.isPresent()) {
      return !same(recomputed.get(), candidate.get());
    }
    return verification
        .flatMap(t -> recall.read(t, "verdict"))
        .filter(word -> word.equalsIgnoreCase("correct"))
        .isEmpty();
  }

  /// The answer on which more than half of the branches agree.
  private Optional<String> agreed() {
    Map<String, List<String>> votes = new LinkedHashMap<>();
    answers().forEach(a -> votes.computeIfAbsent(normal(a), k -> new ArrayList<>()).add(a));
    return votes.values().stream()
        .filter(same -> same.size() * 2 > branches.size())
        .map(List::getFirst)
        .findFirst();
  }

  private List<String> answers() {
    return branches.stream().flatMap(t -> recall.read(t, "answer").stream()).toList();
  }

  private double confidence(String answer) {
    double witnesses = 0;
    double support = 0;
    for (Thought branch : branches) {
      double weight = branch.forcedClose() ? 0.5 : 1;
      witnesses += 1;
      support += votesFor(branch, answer) ? weight : 0;
    }
    if (recomputed.isPresent()) {
      witnesses += 1;
      support += same(recomputed.get(), answer) ? 1 : 0;
    }
    double estimate = (support + 0.5) / (witnesses + 1);
    double confidence =
        stated().map(said -> (1 - STATED) * estimate + STATED * said).orElse(estimate);
    return Math.round(confidence * 100) / 100.0;
  }

  private Optional<Double> stated() {
    if (!pipeline.has(Switch.CONFIDENCE_ASSESSMENT)) {
      return Optional.empty();
    }
    return verification.flatMap(t -> recall.read(t, "confidence")).flatMap(Adjudication::fraction);
  }

  private static Optional<Double> fraction(String text) {
    try {
      double value = Double.parseDouble(text);
      return value >= 0 && value <= 1 ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private String restsOn(String answer, boolean agreed) {
    long votes = branches.stream().filter(branch -> votesFor(branch, answer)).count();
    var parts = new ArrayList<String>();
    parts.add(
        branches.isEmpty()
            ? "no branch was explored"
            : "%d of %d branches came to this answer".formatted(votes, branches.size()));
    if (recomputed.isPresent()) {
      parts.add(
          same(recomputed.get(), answer)
              ? "verification recomputed the same"
              : "verification came to %s, which does not overturn %s"
                  .formatted(recomputed.get(), agreed ? "their agreement" : "it"));
    } else if (verification.isEmpty()) {
      parts.add("it was not verified");
    }
    long forced = branches.stream().filter(Thought::forcedClose).count();
    if (forced > 0) {
      parts.add("%d of the branches had to be closed before their end".formatted(forced));
    }
    return parts.stream().collect(Collectors.joining("; "));
  }

  private boolean votesFor(Thought branch, String answer) {
    return recall.read(branch, "answer").filter(own -> same(own, answer)).isPresent();
  }

  static boolean same(String one, String other) {
    return normal(one).equals(normal(other));
  }

  /// Answers are the same if they differ only in case, blanks, a final stop, or the form of a
  /// number.
  private static String normal(String answer) {
    String text = answer.strip().replaceAll("\\s+", " ").replaceAll("[.!]+$", "");
    try {
      return new java.math.BigDecimal(text.replace(",", "")).stripTrailingZeros().toPlainString();
    } catch (NumberFormatException notANumber) {
      return text.toLowerCase(Locale.ROOT);
    }
  }
}
