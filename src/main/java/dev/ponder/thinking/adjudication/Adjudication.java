package dev.ponder.thinking.adjudication;

import dev.ponder.job.Answer.ConfidenceBasis;
import dev.ponder.memory.Recall;
import dev.ponder.memory.Thought;
import dev.ponder.memory.Thought.ClosedBy;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.Stage;
import dev.ponder.stage.Switch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Settles what the job's thoughts come to.
///
/// Agreement decides, not opinion: an answer on which more than half of the branches agree stands,
/// whatever the verification says of it. Without agreement the verification's own recomputed answer
/// decides, then the synthesis' candidate, then the answer of the most branches. What abstains is
/// no answer, but branches can agree to abstain.
///
/// Confidence is the measured figure for `k of n` branches, where there is one and nothing speaks
/// against taking it as it stands: every branch came to a readable answer by itself, and the
/// verification came to no other. The confirmation of a model that reads its own work adds too
/// little to be added, and its stated confidence says next to nothing.
///
/// Else it is the Krichevsky–Trofimov estimate `(k + 1/2) / (n + 1)` over n witnesses of which k
/// support the answer: each branch that concluded by itself is one witness, a branch whose thought
/// was closed for it counts half, the verification's recomputation is one. With the switch
/// `confidenceAssessment` a tenth of it is the confidence that the verification states.
public final class Adjudication {

  private static final double STATED = 0.1;

  /// Of an answer in prose from which no value could be read.
  private static final double UNREAD = 0.1;

  private final Pipeline pipeline;
  private final List<Thought> branches;
  private final Recall recall;
  private final AnswerEquality equality;
  private final Ballot ballot;
  private final Optional<Thought> verification;
  private final Optional<String> candidate;
  private final Optional<String> recomputed;

  /// @param thoughts all finished thoughts of the job
  /// @param visit which exploration was the last
  /// @param judgements what a model has said of the answers
  public Adjudication(Pipeline pipeline, List<Thought> thoughts, int visit, Judgements judgements) {
    this.pipeline = pipeline;
    this.recall = new Recall(pipeline, thoughts, visit);
    this.branches =
        thoughts.stream()
            .filter(t -> t.key().stage() == Stage.DEEP_EXPLORATION)
            .sorted(
                Comparator.comparingInt((Thought t) -> t.key().visit())
                    .thenComparing(t -> t.key().branch()))
            .toList();
    this.equality = new AnswerEquality(pipeline, judgements);
    this.ballot = new Ballot(equality, answers());
    this.verification = recall.of(Stage.VERIFICATION);
    this.candidate = recall.of(Stage.SYNTHESIS).flatMap(t -> recall.read(t, "candidate"));
    this.recomputed = verification.flatMap(t -> recall.read(t, "answer"));
  }

  /// What the thoughts come to.
  ///
  /// @param answer the value, or null when no thought came to one; one that abstains if `abstained`
  /// @param abstained whether what they came to is that there is no answer
  /// @param confidence in [0, 1]
  /// @param restsOn a sentence for the client
  public record Settlement(
      @Nullable String answer,
      boolean abstained,
      double confidence,
      ConfidenceBasis basis,
      String restsOn) {

    /// Whether there is an answer.
    public boolean answered() {
      return answer != null && !abstained;
    }
  }

  public Settlement settle() {
    Optional<Ballot.Group> agreed = agreed();
    if (agreed.isPresent() && equality.abstains(agreed.get().answer())) {
      return none(
          agreed.get().answer(),
          "%d of %d branches came to %s, which the pipeline '%s' counts as no answer (abstains)"
              .formatted(
                  agreed.get().votes(), branches.size(), agreed.get().inWords(), pipeline.name()));
    }
    Predicate<String> isAnswer = answer -> !equality.abstains(answer);
    Optional<String> answer =
        agreed
            .map(Ballot.Group::answer)
            .or(() -> recomputed.filter(isAnswer))
            .or(() -> candidate.filter(isAnswer))
            .or(() -> ballot.largest().map(Ballot.Group::answer));
    if (answer.isPresent()) {
      Confidence confidence = confidence(answer.get());
      return new Settlement(
          answer.get(),
          false,
          confidence.value(),
          confidence.basis(),
          restsOn(answer.get(), agreed.isPresent()));
    }
    Optional<String> abstention =
        recomputed.or(() -> candidate).or(() -> answers().stream().findFirst());
    return abstention
        .map(
            said ->
                none(
                    said,
                    "no stage came to an answer, but to %s, which the pipeline '%s' counts as none (abstains)"
                        .formatted(Ballot.quoted(said), pipeline.name())))
        .orElseGet(() -> none(null, "no stage came to an answer that could be read"));
  }

  private Settlement none(@Nullable String said, String because) {
    var parts = new ArrayList<>(List.of(because));
    addTroubles(parts);
    return new Settlement(
        said,
        said != null,
        said == null ? UNREAD : 0,
        ConfidenceBasis.ESTIMATED,
        String.join("; ", parts));
  }

  /// What the synthesis settled on; without one (its conclusion could not be read) what most
  /// branches came to.
  public Optional<String> candidate() {
    return candidate.or(() -> ballot.largest().map(Ballot.Group::answer));
  }

  /// Why the job should explore once more, if it should: the branches do not agree, and the
  /// verification does not confirm the candidate either.
  public Optional<String> reasonToExploreAgain() {
    if (!pipeline.has(Switch.ERROR_CORRECTION) || verification.isEmpty() || agreed().isPresent()) {
      return Optional.empty();
    }
    if (recomputed.isPresent()
        && candidate.isPresent()
        && equality.same(recomputed.get(), candidate.get())) {
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
  public boolean verificationDoubts() {
    if (verification.isEmpty() || candidate.isEmpty()) {
      return false;
    }
    if (recomputed.isPresent()) {
      return !equality.same(recomputed.get(), candidate.get());
    }
    return verification
        .flatMap(t -> recall.read(t, "verdict"))
        .filter(word -> word.equalsIgnoreCase("correct"))
        .isEmpty();
  }

  /// The answers whose sameness neither the rules nor a judgement has settled, and those they are
  /// open against; each wording once. Empty if a model need not be asked.
  public List<String> openAnswers() {
    List<String> all = new ArrayList<>(answers());
    candidate.ifPresent(all::add);
    recomputed.ifPresent(all::add);
    List<String> distinct = all.stream().distinct().toList();
    return distinct.stream()
        .filter(one -> distinct.stream().anyMatch(other -> equality.isOpen(one, other)))
        .toList();
  }

  /// The answer on which more than half of the branches agree.
  private Optional<Ballot.Group> agreed() {
    return ballot.majority(branches.size());
  }

  private List<String> answers() {
    return branches.stream().flatMap(t -> recall.read(t, "answer").stream()).toList();
  }

  private record Confidence(double value, ConfidenceBasis basis) {}

  private Confidence confidence(String answer) {
    OptionalDouble measured = measured(answer);
    return measured.isPresent()
        ? new Confidence(measured.getAsDouble(), ConfidenceBasis.MEASURED)
        : new Confidence(estimated(answer), ConfidenceBasis.ESTIMATED);
  }

  private OptionalDouble measured(String answer) {
    boolean free =
        branches.stream()
            .allMatch(
                branch ->
                    branch.closedBy() == ClosedBy.MODEL
                        && recall.read(branch, "answer").isPresent());
    boolean contradicted = recomputed.isPresent() && !isMeant(recomputed.get(), answer);
    return free && !contradicted
        ? MeasuredAgreement.of(votes(answer), branches.size())
        : OptionalDouble.empty();
  }

  private double estimated(String answer) {
    double witnesses = 0;
    double support = 0;
    for (Thought branch : branches) {
      double weight = branch.forcedClose() ? 0.5 : 1;
      witnesses += 1;
      support += votesFor(branch, answer) ? weight : 0;
    }
    if (recomputed.isPresent()) {
      witnesses += 1;
      support += isMeant(recomputed.get(), answer) ? 1 : 0;
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
    var parts = new ArrayList<String>();
    Optional<Ballot.Group> group = ballot.of(answer);
    parts.add(
        branches.isEmpty()
            ? "no branch was explored"
            : "%d of %d branches came to %s%s"
                .formatted(
                    votes(answer),
                    branches.size(),
                    group.map(Ballot.Group::inWords).orElse(Ballot.quoted(answer)),
                    group.filter(this::wasJudged).isPresent()
                        ? ", the same by the model's judgement"
                        : ""));
    if (recomputed.isPresent()) {
      parts.add(
          isMeant(recomputed.get(), answer)
              ? "verification recomputed the same"
              : "verification came to %s, which does not overturn %s"
                  .formatted(Ballot.shown(recomputed.get()), agreed ? "their agreement" : "it"));
    } else {
      parts.add(
          verification.isEmpty()
              ? "it was not verified"
              : "verification gave no answer that could be read");
    }
    addTroubles(parts);
    return String.join("; ", parts);
  }

  /// What kept branches from their own end, and patterns from reading.
  private void addTroubles(List<String> parts) {
    addClosed(parts, ClosedBy.BUDGET, "closed when the token budget was used up");
    addClosed(parts, ClosedBy.DEADLINE, "closed because the time was up");
    addClosed(parts, ClosedBy.LOOP, "closed because of a repetition");
    addClosed(parts, ClosedBy.INTERRUPTIONS, "closed because the engine broke off again and again");
    addClosed(parts, ClosedBy.SERVER, "closed because the server held the rest back");
    addClosed(parts, ClosedBy.MISTAKE, "broken off because of a mistake in Ponder");
    long idle = branches.stream().filter(t -> t.forcedClose() && t.thinkingTokens() == 0).count();
    if (idle > 0) {
      parts.add("%d of the branches had no time to think".formatted(idle));
    }
    long unread = branches.stream().filter(t -> recall.read(t, "answer").isEmpty()).count();
    if (unread > 0 && unread < branches.size()) {
      parts.add("%d of the branches gave no answer that could be read".formatted(unread));
    }
    recall
        .stopped()
        .forEach(stopped -> parts.add(stopped + " (pipeline '" + pipeline.name() + "')"));
  }

  /// A thought that was never begun was not closed either.
  private void addClosed(List<String> parts, ClosedBy cause, String words) {
    long closed =
        branches.stream().filter(t -> t.closedBy() == cause && t.thinkingTokens() > 0).count();
    if (closed > 0) {
      parts.add("%d of the branches had to be %s".formatted(closed, words));
    }
  }

  private boolean wasJudged(Ballot.Group group) {
    return group.wordings().stream()
        .anyMatch(
            one -> group.wordings().stream().anyMatch(other -> equality.isJudgedSame(one, other)));
  }

  private int votes(String answer) {
    return (int) branches.stream().filter(branch -> votesFor(branch, answer)).count();
  }

  private boolean votesFor(Thought branch, String answer) {
    return recall.read(branch, "answer").filter(own -> isMeant(own, answer)).isPresent();
  }

  /// Whether an answer is in the group of another one; where that has no group, the same as it.
  private boolean isMeant(String own, String answer) {
    return ballot
        .of(answer)
        .map(
            group ->
                group.wordings().contains(own)
                    || (isNoBranch(own) && equality.same(own, group.wordings())))
        .orElseGet(() -> equality.same(own, answer));
  }

  private boolean isNoBranch(String answer) {
    return ballot.groups().stream().noneMatch(group -> group.wordings().contains(answer));
  }
}
