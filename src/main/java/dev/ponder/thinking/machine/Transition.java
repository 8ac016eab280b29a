package dev.ponder.thinking.machine;

import static dev.ponder.thinking.machine.Phase.CANCELLED;
import static dev.ponder.thinking.machine.Phase.COMPLETED;
import static dev.ponder.thinking.machine.Phase.DEEP_EXPLORATION;
import static dev.ponder.thinking.machine.Phase.FAILED;
import static dev.ponder.thinking.machine.Phase.FINAL_OUTPUT;
import static dev.ponder.thinking.machine.Phase.INITIAL_ANALYSIS;
import static dev.ponder.thinking.machine.Phase.PAUSED;
import static dev.ponder.thinking.machine.Phase.QUEUED;
import static dev.ponder.thinking.machine.Phase.SYNTHESIS;
import static dev.ponder.thinking.machine.Phase.VERIFICATION;

import java.util.ArrayList;
import java.util.List;

/// One row of the table that says how a job may move. The table is all there is: the machine is
/// built from it, the tests walk it, and the diagram in `docs/` is drawn from it.
public record Transition(Phase from, Signal on, Phase to) {

  private static final List<Phase> STAGES =
      List.of(INITIAL_ANALYSIS, DEEP_EXPLORATION, SYNTHESIS, VERIFICATION, FINAL_OUTPUT);

  /// Every way a job can move.
  public static final List<Transition> TABLE = table();

  private static List<Transition> table() {
    var rows = new ArrayList<Transition>();
    // A job goes on in the stage where it stopped, so every stage can be entered from the queue.
    STAGES.forEach(stage -> rows.add(new Transition(QUEUED, Signal.BEGIN, stage)));
    for (int i = 0; i + 1 < STAGES.size(); i++) {
      rows.add(new Transition(STAGES.get(i), Signal.ADVANCE, STAGES.get(i + 1)));
    }
    rows.add(new Transition(VERIFICATION, Signal.SEND_BACK, DEEP_EXPLORATION));
    rows.add(new Transition(FINAL_OUTPUT, Signal.ANSWER, COMPLETED));
    for (Phase stage : STAGES) {
      if (stage != FINAL_OUTPUT) {
        rows.add(new Transition(stage, Signal.HURRY, FINAL_OUTPUT));
      }
      rows.add(new Transition(stage, Signal.PAUSE, PAUSED));
      rows.add(new Transition(stage, Signal.FAIL, FAILED));
      rows.add(new Transition(stage, Signal.CANCEL, CANCELLED));
    }
    rows.add(new Transition(PAUSED, Signal.RESUME, QUEUED));
    rows.add(new Transition(PAUSED, Signal.CANCEL, CANCELLED));
    rows.add(new Transition(QUEUED, Signal.CANCEL, CANCELLED));
    return List.copyOf(rows);
  }
}
