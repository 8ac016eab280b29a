package dev.ponder.engine.llamaserver;

import dev.ponder.engine.GenerationRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/// A line of thought in its slot, which is saved as it grows.
///
/// @param seat the slot, given back at the end
/// @param opener asks the server
record KeptThought(
    SnapshotKeeper keeper,
    ServerProps props,
    String owner,
    SlotChoice.Taken seat,
    Opener opener,
    InstantSource now)
    implements SnapshotStream.Server {

  /// Opens a stream that has to begin within the limit.
  interface Opener {
    ServerStream open(Duration limit, Consumer<JsonGenerator> body);
  }

  /// The generation, which begins with what was saved of it before.
  ///
  /// @param ids of the prompt and of what is written
  SnapshotStream begin(GenerationRequest request, int[] ids) {
    if (!seat.warm()) {
      keeper.restore(props, ids, seat.number());
    }
    int kept = keeper.kept(props, ids, owner);
    return new SnapshotStream(
        this, request, ids, kept, keeper.everyTokens(), props.contextTokens());
  }

  @Override
  public ServerStream goOn(GenerationRequest request, int[] ids) {
    Duration left = request.deadline().remaining(now);
    return opener.open(left, CompletionBody.of(request, ids, seat.number()));
  }

  @Override
  public void grown(GenerationRequest request, int[] ids) {
    if (keeper.turnOf(owner, request.deadline().remaining(now))) {
      keeper.save(props, owner, ids, seat.number());
    }
  }

  @Override
  public void over() {
    keeper.over(owner);
    seat.close();
  }
}
