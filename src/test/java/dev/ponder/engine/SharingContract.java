package dev.ponder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The part of the contract that is about prompts with a common beginning.
abstract class SharingContract extends SnapshotContract {

  private final Requests ask = new Requests(this::conversation);

  @Test
  void branchesThatShareTheirBeginningFindItEvaluatedAndWriteTheSame() {
    Engine engine = engine();
    assumeTrue(engine.capabilities().offer(Capability.SHARED_PREFIX));
    List<GenerationRequest> branches = branches("Grace has 4 cats.");
    List<String> alone = branches.stream().map(it -> Turn.read(engine.open(it)).text()).toList();
    Turn.read(engine.open(ask.saying("Something else altogether.", 5)));
    List<GenerationRequest> others = branches("Linus has 9 penguins.");

    Completion shared = engine.share(others);
    List<Turn> cold = Together.all(readers(engine, others));
    engine.share(branches);
    List<Turn> turns = Together.all(readers(engine, branches));

    assertThat(shared).isNotNull();
    assertThat(cold)
        .allSatisfy(
            turn ->
                assertThat(turn.completion().usage().cached())
                    .isGreaterThanOrEqualTo(shared.usage().prompt()));
    assertThat(turns).map(Turn::text).isEqualTo(alone);
  }

  @Test
  void sharesNothingWhereItDoesNotClaimTo() {
    Engine engine = engine();
    assumeFalse(engine.capabilities().offer(Capability.SHARED_PREFIX));

    assertThat(engine.share(branches("Grace has 4 cats."))).isNull();
  }

  /// What is asked in one of three branches.
  protected String branch(String beginning, int number) {
    return beginning + "You are number %d of 3.".formatted(number);
  }

  /// Requests that begin alike and end each in its own way.
  private List<GenerationRequest> branches(String fact) {
    String beginning = (fact + " ").repeat(8);
    return Stream.of(1, 2, 3).map(number -> ask.saying(branch(beginning, number), 24)).toList();
  }

  private static List<Callable<Turn>> readers(Engine engine, List<GenerationRequest> requests) {
    return requests.stream()
        .map(request -> (Callable<Turn>) () -> Turn.read(engine.open(request)))
        .toList();
  }
}
