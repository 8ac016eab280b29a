package dev.ponder.thinking.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.Documentation;
import dev.ponder.stage.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThinkingMachineTests {

  static List<Transition> everyRow() {
    return Transition.TABLE;
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

  @ParameterizedTest
  @MethodSource("everyRow")
  void takesEveryRowOfTheTable(Transition row) {
    var machine = ThinkingMachine.at(row.from());

    Phase reached =
        row.on() == Signal.BEGIN
            ? machine.begin(row.to().stage().orElseThrow())
            : machine.fire(row.on());

    assertThat(reached).isEqualTo(row.to());
  }

  @ParameterizedTest
  @MethodSource("everySignalWithoutRow")
  void refusesWhatTheTableDoesNotHave(Phase phase, Signal signal) {
    var machine = ThinkingMachine.at(phase);

    assertThatThrownBy(() -> machine.fire(signal))
        .isInstanceOf(IllegalMove.class)
        .hasMessageContaining(phase.name())
        .hasMessageContaining(signal.name());

    assertThat(machine.phase()).isEqualTo(phase);
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
            "# How a job moves\n\nDrawn by `ThinkingMachineTests` from `Transition.TABLE`; do not edit.\n\n```mermaid\nstateDiagram-v2\n  [*] --> queued\n");
    for (Transition row : Transition.TABLE) {
      text.append("  %s --> %s: %s%n".formatted(name(row.from()), name(row.to()), name(row.on())));
    }
    for (Phase phase : Phase.values()) {
      if (phase.isFinal()) {
        text.append("  %s --> [*]%n".formatted(name(phase)));
      }
    }
    text.append("```\n");

    Documentation.says(Path.of("docs", "state-machine.md"), text.toString());
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase();
  }
}
