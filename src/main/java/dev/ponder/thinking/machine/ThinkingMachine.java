package dev.ponder.thinking.machine;

import dev.ponder.stage.Stage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.statemachine.StateMachine;
import org.springframework.statemachine.StateMachineEventResult.ResultType;
import org.springframework.statemachine.config.StateMachineBuilder;
import org.springframework.statemachine.support.DefaultStateMachineContext;
import reactor.core.publisher.Mono;

/// Says where a job goes next. The only class that knows Spring Statemachine, because that library
/// is no longer maintained: what replaces it has to keep [#fire] and [Transition#TABLE].
///
/// The table has no state besides the phase and no actions, so a move leads to the same phase each
/// time. The library is asked once for each, and its answer kept: asking took a tenth of what a
/// stage costs. One machine belongs to one run and is used by its thread alone.
public final class ThinkingMachine {

  /// The header that says which of the stages a BEGIN is for.
  private static final String TARGET = "target";

  /// What the library has answered. One entry per row of the table at most: a move that no row
  /// takes is asked for anew.
  private static final Map<Move, Phase> KNOWN = new ConcurrentHashMap<>();

  private Phase phase;

  /// @param target the stage that a BEGIN is for
  private record Move(Phase from, Signal signal, @Nullable Phase target) {}

  private ThinkingMachine(Phase phase) {
    this.phase = phase;
  }

  /// A machine that stands at `phase`.
  public static ThinkingMachine at(Phase phase) {
    return new ThinkingMachine(phase);
  }

  /// Takes a job from the queue to the stage where it has to go on.
  public Phase begin(Stage stage) {
    return move(Signal.BEGIN, Phase.of(stage));
  }

  /// Moves on.
  ///
  /// @return the phase the job is in now
  /// @throws IllegalMove if the table has no row for it
  public Phase fire(Signal signal) {
    return move(signal, null);
  }

  Phase phase() {
    return phase;
  }

  private Phase move(Signal signal, @Nullable Phase target) {
    phase = KNOWN.computeIfAbsent(new Move(phase, signal, target), ThinkingMachine::reached);
    return phase;
  }

  private static Phase reached(Move move) {
    var machine = machineAt(move.from());
    var message =
        MessageBuilder.withPayload(move.signal()).setHeader(TARGET, move.target()).build();
    var result = machine.sendEvent(Mono.just(message)).blockLast();
    Phase reached = machine.getState().getId();
    // The library answers a signal that nobody takes with DENIED, and goes on as if nothing was.
    if (result == null || result.getResultType() != ResultType.ACCEPTED || reached == move.from()) {
      throw new IllegalMove(move.from(), move.signal());
    }
    return reached;
  }

  private static StateMachine<Phase, Signal> machineAt(Phase phase) {
    try {
      StateMachine<Phase, Signal> machine = built();
      machine
          .getStateMachineAccessor()
          .doWithAllRegions(
              region ->
                  region
                      .resetStateMachineReactively(
                          new DefaultStateMachineContext<>(phase, null, null, null))
                      .block());
      machine.startReactively().block();
      return machine;
    } catch (Exception e) {
      throw new IllegalStateException("The state machine cannot be built from its table", e);
    }
  }

  private static StateMachine<Phase, Signal> built() throws Exception {
    var builder = StateMachineBuilder.<Phase, Signal>builder();
    builder.configureConfiguration().withConfiguration().autoStartup(false);
    builder.configureStates().withStates().initial(Phase.QUEUED).states(Set.of(Phase.values()));
    Set<Transition> rows = Transition.TABLE.stream().collect(Collectors.toSet());
    var transitions = builder.configureTransitions();
    for (Transition row : rows) {
      var external = transitions.withExternal().source(row.from()).target(row.to()).event(row.on());
      if (row.on() == Signal.BEGIN) {
        external.guard(context -> row.to() == context.getMessageHeader(TARGET));
      }
    }
    return builder.build();
  }
}
