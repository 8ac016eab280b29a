package dev.ponder.thinking.machine;

import dev.ponder.job.Phase;
import dev.ponder.job.Signal;
import dev.ponder.job.Transition;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.statemachine.StateMachine;
import org.springframework.statemachine.StateMachineEventResult.ResultType;
import org.springframework.statemachine.config.StateMachineBuilder;
import org.springframework.statemachine.listener.StateMachineListenerAdapter;
import org.springframework.statemachine.support.DefaultStateMachineContext;
import reactor.core.publisher.Mono;

/// The machine that one run stands in, from the stage where it goes on to its end. The only class
/// that knows Spring Statemachine, because that library is no longer maintained: what replaces it
/// has to keep [#fire].
///
/// [Transition#TABLE] is asked first and refuses what it has no row for; the library takes the same
/// row, and its listener does what the move is made of. Used by the thread of its run alone.
public final class ThinkingMachine {

  private final StateMachine<Phase, Signal> machine;
  private Phase phase;

  /// The move under way. The library logs what a listener throws and goes on, so it is kept here.
  private @Nullable Consumer<Transition> step;

  private @Nullable Transition row;
  private @Nullable Throwable thrown;

  private ThinkingMachine(Phase phase) {
    this.machine = built();
    this.phase = phase;
    machine.addStateListener(new Steps());
    standAt(phase);
  }

  /// A machine that stands at `phase`.
  public static ThinkingMachine at(Phase phase) {
    return new ThinkingMachine(phase);
  }

  public Phase phase() {
    return phase;
  }

  /// Moves on. Where a step cannot be made, the job stands where it stood.
  ///
  /// @param step makes the move durable
  /// @return the phase the job is in now
  /// @throws dev.ponder.job.IllegalMove if the table has no row for it
  public Phase fire(Signal signal, Consumer<Transition> step) {
    Transition next = Transition.of(phase, signal);
    this.row = next;
    this.step = step;
    this.thrown = null;
    var message = MessageBuilder.withPayload(signal).build();
    var result = machine.sendEvent(Mono.just(message)).blockLast();
    boolean made = this.step == null;
    this.step = null;
    if (thrown != null) {
      standAt(phase);
      throw sneaky(thrown);
    }
    if (!made
        || result == null
        || result.getResultType() != ResultType.ACCEPTED
        || machine.getState().getId() != next.to()) {
      throw new IllegalStateException("The state machine does not take " + next);
    }
    phase = next.to();
    return phase;
  }

  private final class Steps extends StateMachineListenerAdapter<Phase, Signal> {
    @Override
    public void transitionEnded(
        org.springframework.statemachine.transition.Transition<Phase, Signal> ended) {
      Consumer<Transition> now = step;
      Transition taken = row;
      if (now == null || taken == null) {
        return;
      }
      step = null;
      try {
        now.accept(taken);
      } catch (Throwable failed) {
        thrown = failed;
      }
    }
  }

  private void standAt(Phase at) {
    machine.stopReactively().block();
    machine
        .getStateMachineAccessor()
        .doWithAllRegions(
            region ->
                region
                    .resetStateMachineReactively(
                        new DefaultStateMachineContext<>(at, null, null, null))
                    .block());
    machine.startReactively().block();
  }

  /// Of the rows that a run takes. Those of clients and of leases move a job that no run holds.
  private static StateMachine<Phase, Signal> built() {
    try {
      var builder = StateMachineBuilder.<Phase, Signal>builder();
      builder.configureConfiguration().withConfiguration().autoStartup(false);
      builder
          .configureStates()
          .withStates()
          .initial(Phase.QUEUED)
          .states(EnumSet.allOf(Phase.class));
      var transitions = builder.configureTransitions();
      for (Transition row : Transition.TABLE) {
        if (row.from().isStage() && row.on() != Signal.CLAIM) {
          transitions.withExternal().source(row.from()).target(row.to()).event(row.on());
        }
      }
      return builder.build();
    } catch (Exception e) {
      throw new IllegalStateException("The state machine cannot be built from its table", e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
