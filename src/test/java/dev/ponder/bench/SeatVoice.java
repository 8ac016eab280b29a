package dev.ponder.bench;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.Engine;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;

/// A bare script's way to an engine in its seat: HTTP and events, but no service and no journal.
record SeatVoice(Engine engine) implements BareScript.Voice {

  @Override
  public BareScript.Said say(BareScript.Asked asked) {
    var request =
        new GenerationRequest(
            new Conversation(asked.system(), asked.user()),
            Written.NOTHING,
            new Sampling(asked.temperature(), 0.95, 20, 0, 0, 1),
            asked.seed(),
            asked.maxTokens(),
            Deadline.in(Duration.ofMinutes(5), InstantSource.system()),
            "bare/" + asked.line());
    var text = new StringBuilder();
    int tokens = 0;
    try (TokenStream stream = engine.open(request)) {
      for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
        text.append(piece.text());
        tokens += piece.tokens();
      }
    }
    return new BareScript.Said(text.toString(), tokens);
  }
}
