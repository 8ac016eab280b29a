package dev.ponder.engine.text;

import dev.ponder.engine.Completion;
import dev.ponder.engine.Piece;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The stream of an engine that gives the text as the model wrote it, in the form that a thought
/// has everywhere else ([TurnText]). Tokens of which a part waits for more come once all of their
/// text is there: what is durable of them is the same as ids and as text. Ids are those that were
/// decoded: whoever goes on from them goes on in the model's own words.
public final class CanonicalStream implements TokenStream {

  /// So many tokens at most wait for their text: a reader has to see that the model writes.
  private static final int WAITING_MAX = 32;

  private final TokenStream stream;
  private final TurnText turn;
  private final StringBuilder text = new StringBuilder();
  private int tokens;
  private int[] ids = {};
  private int known;
  private boolean over;

  /// @param tags of the model
  /// @param written what was there of the text
  public CanonicalStream(TokenStream stream, ThinkTags tags, String written) {
    this.stream = stream;
    this.turn = new TurnText(tags, written);
  }

  @Override
  public @Nullable Piece next() {
    if (over) {
      return null;
    }
    for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
      take(piece);
      text.append(turn.content(piece.text(), false));
      if (!turn.waits()) {
        return given(known == tokens);
      }
      if (tokens >= WAITING_MAX) {
        return given(false);
      }
    }
    over = true;
    text.append(turn.end(stream.completion().reason() == StopReason.END_OF_TURN));
    return text.isEmpty() && tokens == 0 ? null : given(known == tokens);
  }

  private void take(Piece piece) {
    int more = piece.ids().length;
    if (known + more > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(2 * ids.length, known + more));
    }
    System.arraycopy(piece.ids(), 0, ids, known, more);
    known += more;
    tokens += piece.tokens();
  }

  /// Half a list of ids is of no use, and neither are those of text that waits.
  private Piece given(boolean whole) {
    Piece piece =
        whole && known > 0
            ? new Piece(text.toString(), tokens, Arrays.copyOf(ids, known))
            : new Piece(text.toString(), tokens);
    text.setLength(0);
    tokens = 0;
    known = 0;
    return piece;
  }

  @Override
  public Completion completion() {
    return stream.completion();
  }

  @Override
  public void close() {
    stream.close();
  }
}
