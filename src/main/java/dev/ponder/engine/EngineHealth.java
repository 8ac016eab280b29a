package dev.ponder.engine;

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
