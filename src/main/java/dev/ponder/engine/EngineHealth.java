package dev.ponder.engine;

import dev.ponder.time.Probe;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How an engine is right now.
///
/// @param detail a sentence for a person: why it is down, what it waits for
/// @param restarts how often its process was started again after it died or hung
public record EngineHealth(State state, String detail, int restarts) {

  /// Where an engine stands.
  public enum State {
    /// Not started: it starts with the first request.
    IDLE,
    /// Loading its model.
    STARTING,
    /// Ready for requests.
    READY,
    /// Cannot serve now; the next request tries again.
    DOWN,
    /// Cannot serve until its configuration or its file is mended.
    UNUSABLE
  }

  /// How a server was a moment ago.
  ///
  /// @param question what asks it now, as [#ofServer] does
  /// @param refusal why it serves this model no more, whatever it says of itself; null if it does
  public static EngineHealth recent(
      Probe<EngineHealth> probe,
      Supplier<EngineHealth> question,
      @Nullable EngineException refusal) {
    EngineHealth server =
        probe.answer(
            question, () -> new EngineHealth(State.DOWN, "The server has not answered yet.", 0));
    return refusal != null && server.state() == State.READY
        ? new EngineHealth(State.UNUSABLE, refusal.getMessage(), 0)
        : server;
  }

  /// How a server is that is asked.
  ///
  /// @param question fails as engines do if the server does not answer
  public static EngineHealth ofServer(Runnable question) {
    try {
      question.run();
      return new EngineHealth(State.READY, "The server answers.", 0);
    } catch (EngineException.Unusable e) {
      return new EngineHealth(State.UNUSABLE, e.getMessage(), 0);
    } catch (EngineException e) {
      return new EngineHealth(State.DOWN, e.getMessage(), 0);
    }
  }
}
