package dev.ponder.engine.jllama;

import dev.ponder.engine.Completion;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.jllama.seat.JllamaModel;
import dev.ponder.time.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// The shipped model and requests that it understands, for the tests of this package.
public final class Mini {
  static final Path FILE = Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");
  static final Sampling GREEDY = new Sampling(0, 1, 0, 0, 0, 1);
  static final Sampling WARM = new Sampling(0.7, 0.95, 20, 0, 0, 1);

  /// What the model says to [#apples] ends by itself after about 70 tokens.
  static final String APPLES =
      "Ada has 12 apples. Ada receives 3 boxes with 5 apples each, then sells 4."
          + " How many apples are left?";

  private Mini() {}

  static JllamaModel model() {
    return paced(0);
  }

  static JllamaModel paced(double pace) {
    return new JllamaModel("mini", FILE, 2048, 3, 1, pace);
  }

  public static JllamaEngine engine() {
    return new JllamaEngine(model(), SeatSettings.defaults());
  }

  public static GenerationRequest apples(Written written, int maxTokens) {
    return request(APPLES, written, GREEDY, 7, maxTokens);
  }

  static GenerationRequest request(
      String user, Written written, Sampling sampling, long seed, int maxTokens) {
    return new GenerationRequest(
        new Conversation(null, user),
        written,
        sampling,
        seed,
        maxTokens,
        Deadline.in(Duration.ofMinutes(5), InstantSource.system()),
        "branch-1");
  }

  /// What a whole stream brought.
  record Read(String text, List<Piece> pieces, Completion completion) {
    int tokens() {
      return pieces.stream().mapToInt(Piece::tokens).sum();
    }
  }

  public static Read readAll(TokenStream stream) {
    try (stream) {
      List<Piece> pieces = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      Piece piece;
      while ((piece = stream.next()) != null) {
        pieces.add(piece);
        text.append(piece.text());
      }
      return new Read(text.toString(), pieces, stream.completion());
    }
  }
}
