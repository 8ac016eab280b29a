package dev.ponder.job;

import static dev.ponder.job.Phase.CANCELLED;
import static dev.ponder.job.Phase.COMPLETED;
import static dev.ponder.job.Phase.DEEP_EXPLORATION;
import static dev.ponder.job.Phase.FAILED;
import static dev.ponder.job.Phase.FINAL_OUTPUT;
import static dev.ponder.job.Phase.INITIAL_ANALYSIS;
import static dev.ponder.job.Phase.NEW;
import static dev.ponder.job.Phase.PAUSED;
import static dev.ponder.job.Phase.QUEUED;
import static dev.ponder.job.Phase.SYNTHESIS;
import static dev.ponder.job.Phase.VERIFICATION;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// One row of the table that says how a job may move. The table is all there is: clients, leases
/// and runs ask it, what is not in it is refused here, the statements that move jobs take their
/// statuses from it, the state machine of a run is built from it, and the diagram in `docs/` is
/// drawn from it.
public record Transition(Phase from, Signal on, Phase to) {

  private static final List<Phase> STAGES =
      List.of(INITIAL_ANALYSIS, DEEP_EXPLORATION, SYNTHESIS, VERIFICATION, FINAL_OUTPUT);

  /// Every way a job can move.
  public static final List<Transition> TABLE = table();

  private static List<Transition> table() {
    var rows = new ArrayList<Transition>();
    rows.add(new Transition(NEW, Signal.ACCEPT, QUEUED));
    // A job goes on in the stage where it stopped, so every stage can be entered from outside.
    for (Phase stage : STAGES) {
      rows.add(new Transition(QUEUED, Signal.CLAIM, stage));
      rows.add(new Transition(PAUSED, Signal.CLAIM, stage));
      rows.add(new Transition(stage, Signal.CLAIM, stage));
    }
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

  /// The row for a signal that can lead to one phase only.
  ///
  /// @throws IllegalMove if there is none
  public static Transition of(Phase from, Signal on) {
    return TABLE.stream()
        .filter(row -> row.from == from && row.on == on)
        .findFirst()
        .orElseThrow(() -> new IllegalMove(from, on));
  }

  /// The row by which a job is claimed, to go on in this stage.
  ///
  /// @throws IllegalMove if there is none
  static Transition claim(Phase from, Phase stage) {
    var row = new Transition(from, Signal.CLAIM, stage);
    if (!TABLE.contains(row)) {
      throw new IllegalMove(from, Signal.CLAIM);
    }
    return row;
  }

  /// The statuses from which a signal moves a job, for a statement: `'QUEUED', 'PAUSED'`.
  static String sources(Signal on) {
    return TABLE.stream()
        .filter(row -> row.on == on)
        .map(row -> literal(row.from.status()))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /// The status to which a signal moves a job, for a statement: `'RUNNING'`.
  static String target(Signal on) {
    return TABLE.stream()
        .filter(row -> row.on == on)
        .map(row -> literal(row.to.status()))
        .distinct()
        .collect(Collectors.collectingAndThen(Collectors.toList(), List::getFirst));
  }

  static String literal(JobStatus status) {
    return "'" + status.name() + "'";
  }
}
