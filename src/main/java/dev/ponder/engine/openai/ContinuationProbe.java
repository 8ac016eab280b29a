package dev.ponder.engine.openai;

import dev.ponder.engine.Completion;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.Written;
import dev.ponder.engine.text.ThinkParser;
import dev.ponder.engine.text.ThinkTags;
import dev.ponder.time.Deadline;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/// Finds out a server's manners with a few tokens. Servers take fields that they do not know in
/// silence, so only what they write shows whether they went on with a text: the same words as
/// without an interruption, after a prompt that has grown by the text and nothing else.
final class ContinuationProbe {

  private static final Conversation QUESTION =
      new Conversation(null, "Count from 1 to 100 in words, separated by commas.");
  private static final Sampling GREEDY = new Sampling(0, 1, 0, 0, 0, 1);
  private static final int WHOLE = 24;

  /// Far longer than any text of so few tokens: a server may take no notice of their limit.
  private static final int CHARACTERS_MAX = 4_096;

  private static final int HEAD = 9;

  /// A text that is tokenized again can differ by a token.
  private static final int TOLERANCE = 1;

  private static final String CLOSING = "\nI answer now.\n" + ThinkParser.CLOSING + "\n\n";

  private static final List<Continuation> WAYS =
      List.of(
          Continuation.REASONING, Continuation.FINAL_MESSAGE, Continuation.FINAL_MESSAGE_TAGGED);

  private final Continuation wanted;
  private final ThinkTags tags;
  private final Function<Question, ChatStream> asking;
  private final Deadline deadline;
  private final InstantSource now;

  /// A request, and the manners it supposes.
  record Question(GenerationRequest request, ServerBehaviour manners) {}

  private record Answer(
      String text, Completion completion, boolean split, ThinkTags tags, boolean counted) {

    int promptTokens() {
      return completion.usage().prompt();
    }
  }

  /// @param wanted what the settings say
  /// @param tags of the model
  /// @param asking asks the server; an answer is silent no longer than the deadline allows
  /// @param deadline for all of it
  ContinuationProbe(
      Continuation wanted,
      ThinkTags tags,
      Function<Question, ChatStream> asking,
      Deadline deadline,
      InstantSource now) {
    this.tags = tags;
    this.wanted = wanted;
    this.asking = asking;
    this.deadline = deadline;
    this.now = now;
  }

  /// @throws EngineException if the server cannot be asked now
  ServerBehaviour manners() {
    ServerBehaviour unknown = new ServerBehaviour(Continuation.NONE, false, false, tags);
    Answer whole = answer("", WHOLE, unknown);
    ServerBehaviour fresh =
        new ServerBehaviour(Continuation.NONE, whole.split(), false, whole.tags());
    Answer head = answer("", HEAD, fresh);
    boolean caches = head.completion().usage().cached() > 0;
    Continuation way = wanted == Continuation.AUTO ? found(whole, head, fresh) : wanted;
    return new ServerBehaviour(way, whole.split(), caches, whole.tags());
  }

  private Continuation found(Answer whole, Answer head, ServerBehaviour fresh) {
    // Without a text there is nothing to go on with: a server that hides its reasoning, say.
    if (!head.text().isBlank() && whole.text().startsWith(head.text())) {
      for (Continuation way : WAYS) {
        if (goesOn(whole, head, new ServerBehaviour(way, fresh.splits(), false, fresh.tags()))) {
          return way;
        }
      }
    }
    return Continuation.NONE;
  }

  private boolean goesOn(Answer whole, Answer head, ServerBehaviour manners) {
    try {
      int left = WHOLE - HEAD;
      Answer rest = answer(head.text(), left, manners);
      int grown = rest.promptTokens() - head.promptTokens();
      boolean exact =
          !rest.counted() || Math.abs(grown - head.completion().usage().written()) <= TOLERANCE;
      return exact
          && whole.text().startsWith(head.text() + rest.text())
          && !rest.text().isBlank()
          && concludes(head, manners);
    } catch (EngineException.Refused | EngineException.Unusable e) {
      return false;
    }
  }

  /// Whether it goes on behind a thought that was closed for it.
  private boolean concludes(Answer head, ServerBehaviour manners) {
    Answer conclusion = answer(head.text() + CLOSING, HEAD, manners);
    boolean thinksOn = manners.continuation() == Continuation.REASONING && conclusion.split();
    return !thinksOn && !conclusion.text().contains(ThinkParser.CLOSING);
  }

  private Answer answer(String written, int tokens, ServerBehaviour manners) {
    GenerationRequest request =
        new GenerationRequest(
            QUESTION, Written.text(written), GREEDY, 1, tokens, deadline, "acquaintance");
    StringBuilder text = new StringBuilder();
    try (ChatStream stream = asking.apply(new Question(request, manners))) {
      for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
        text.append(piece.text());
        if (deadline.passed(now)) {
          throw new EngineException.Unavailable(
              "The server did not answer a first short question in time (ponder.engine.openai.answer-limit).",
              null);
        }
        if (text.length() > CHARACTERS_MAX) {
          break;
        }
      }
      if (text.length() > CHARACTERS_MAX) {
        stream.cut();
      }
      return new Answer(
          text.toString(),
          stream.completion(),
          stream.split(),
          stream.tags(),
          stream.usage().isPresent());
    }
  }
}
