package dev.ponder.thinking;

import dev.ponder.stage.Stage;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.statemachine.StateMachine;
import org.springframework.statemachine.StateMachineEventResult.ResultType;
import org.springframework.statemachine.config.StateMachineBuilder;
import org.springframework.statemachine.support.DefaultStateMachineContext;
import reactor.core.publisher.Mono;

/// Says where a job goes next. The only class that knows Spring Statemachine, because that library
/// is no longer maintained: what replaces it has to keep [#fire] and [Transition#TABLE].
///
/// One machine belongs to one run and is used by its thread alone.
public final class ThinkingMachine {

  /// The header that says which of the stages a BEGIN is for.
  private static final String TARGET = "target";

  private final StateMachine<Phase, Signal> machine;

  private ThinkingMachine(StateMachine<Phase, Signal> machine) {
    this.machine = machine;
  }

  /// A machine that stands at `phase`.
  static ThinkingMachine at(Phase phase) {
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
      return new ThinkingMachine(machine);
    } catch (Exception e) {
      throw new IllegalStateException("The state machine cannot be built from its table", e);
    }
  }

  /// Takes a job from the queue to the stage where it has to go on.
  Phase begin(Stage stage) {
    return send(Signal.BEGIN, Phase.of(stage));
  }

  /// Moves on.
  ///
  /// @return the phase the job is in now
  /// @throws IllegalMove if the table has no row for it
  Phase fire(Signal signal) {
    return send(signal, null);
  }

  Phase phase() {
    return machine.getState().getId();
  }

  private Phase send(Signal signal, Phase target) {
    Phase before = phase();
    var message = MessageBuilder.withPayload(signal).setHeader(TARGET, target).build();
    var result = machine.sendEvent(Mono.just(message)).blockLast();
    // The library answers a signal that nobody takes with DENIED, and goes on as if nothing was.
    if (result == null || result.getResultType() != ResultType.ACCEPTED || phase() == before) {
      throw new IllegalMove(before, signal);
    }
    return phase();
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
