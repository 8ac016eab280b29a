package dev.ponder.thinking.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.ponder.Documentation;
import dev.ponder.job.IllegalMove;
import dev.ponder.job.Lease;
import dev.ponder.job.LeaseLost;
import dev.ponder.job.Phase;
import dev.ponder.job.Signal;
import dev.ponder.job.Transition;
import dev.ponder.stage.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThinkingMachineTests {

  static Stream<Transition> rowsOfARun() {
    return Transition.TABLE.stream()
        .filter(row -> row.from().isStage() && row.on() != Signal.CLAIM);
  }

  static Stream<Object[]> everySignalWithoutRow() {
    return Arrays.stream(Phase.values())
        .flatMap(
            phase -> Arrays.stream(Signal.values()).map(signal -> new Object[] {phase, signal}))
        .filter(
            pair ->
                Transition.TABLE.stream()
                    .noneMatch(row -> row.from() == pair[0] && row.on() == pair[1]));
  }

  /// The library takes what the table says, and has the step made once.
  @ParameterizedTest
  @MethodSource("rowsOfARun")
  void aRunMovesByARowAndMakesItsStepOnce(Transition row) {
    var machine = ThinkingMachine.at(row.from());
    var steps = new ArrayList<Transition>();

    Phase reached = machine.fire(row.on(), steps::add);

    assertThat(reached).isEqualTo(row.to());
    assertThat(steps).containsExactly(row);
  }

  @ParameterizedTest
  @MethodSource("everySignalWithoutRow")
  void refusesWhatTheTableDoesNotHave(Phase phase, Signal signal) {
    var machine = ThinkingMachine.at(phase);

    assertThatThrownBy(() -> machine.fire(signal, row -> fail("A step of %s", row)))
        .isInstanceOf(IllegalMove.class)
        .hasMessageContaining(phase.name())
        .hasMessageContaining(signal.name());

    assertThat(machine.phase()).isEqualTo(phase);
  }

  @Test
  void aStepThatCannotBeMadeLeavesTheJobWhereItStood() {
    var machine = ThinkingMachine.at(Phase.VERIFICATION);
    var lost = new LeaseLost(new Lease(new UUID(0, 1), 1));

    assertThatThrownBy(
            () ->
                machine.fire(
                    Signal.SEND_BACK,
                    row -> {
                      throw lost;
                    }))
        .isSameAs(lost);

    assertThat(machine.phase()).isEqualTo(Phase.VERIFICATION);
    assertThat(machine.fire(Signal.ADVANCE, row -> {})).isEqualTo(Phase.FINAL_OUTPUT);
  }

  @Test
  void oneMachineCarriesARunToItsEnd() {
    var machine = ThinkingMachine.at(Phase.INITIAL_ANALYSIS);
    var seen = new ArrayList<Phase>();

    for (Signal signal :
        List.of(
            Signal.ADVANCE,
            Signal.ADVANCE,
            Signal.ADVANCE,
            Signal.SEND_BACK,
            Signal.HURRY,
            Signal.ANSWER)) {
      machine.fire(signal, row -> seen.add(row.to()));
    }

    assertThat(seen)
        .containsExactly(
            Phase.DEEP_EXPLORATION,
            Phase.SYNTHESIS,
            Phase.VERIFICATION,
            Phase.DEEP_EXPLORATION,
            Phase.FINAL_OUTPUT,
            Phase.COMPLETED);
  }

  @Test
  void theStagesOfTheTableAreThoseThatThink() {
    assertThat(Arrays.stream(Phase.values()).filter(Phase::isStage).map(Phase::key))
        .containsExactlyElementsOf(Arrays.stream(Stage.values()).map(Stage::key).toList());
  }

  @Test
  void nothingFollowsAFinalPhase() {
    assertThat(Transition.TABLE).noneMatch(row -> row.from().isFinal());
  }

  @Test
  void everyStageMayJumpToTheFinalOutput() {
    assertThat(Transition.TABLE)
        .filteredOn(row -> row.on() == Signal.HURRY && row.to() == Phase.FINAL_OUTPUT)
        .hasSize(Stage.values().length - 1);
  }

  @Test
  void theDiagramInTheDocsIsTheTable() throws IOException {
    var text =
        new StringBuilder(
            "# How a job moves\n\nDrawn by `ThinkingMachineTests` from `Transition.TABLE`; do not edit.\n\n```mermaid\nstateDiagram-v2\n");
    for (Transition row : Transition.TABLE) {
      text.append(
          "  %s --> %s: %s%n"
              .formatted(
                  row.from() == Phase.NEW ? "[*]" : row.from().key(),
                  row.to().key(),
                  name(row.on())));
    }
    for (Phase phase : Phase.values()) {
      if (phase.isFinal()) {
        text.append("  %s --> [*]%n".formatted(phase.key()));
      }
    }
    text.append("```\n");

    Documentation.says(Path.of("docs", "state-machine.md"), text.toString());
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase();
  }
}
