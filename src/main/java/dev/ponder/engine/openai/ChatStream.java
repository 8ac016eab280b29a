package dev.ponder.engine.openai;

import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.AnswerStream;
import dev.ponder.engine.Completion;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Quote;
import dev.ponder.engine.QuotedException;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.http.EventStream;
import dev.ponder.engine.http.ServerHttp;
import dev.ponder.engine.text.ThinkTags;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One answer that is being read. The protocol counts tokens once, at the end: until then an event
/// is taken for one token, or a few if it is long, and what was missed is told at the end by pieces
/// without text.
final class ChatStream extends AnswerStream {

  private static final String DONE = "[DONE]";

  /// Hardly any token is longer, so this never counts too many.
  private static final int CHARACTERS_MAX = 16;

  /// Tokens that one piece without text tells of at most; a chunk of the journal has room for it.
  private static final int UNTOLD_MAX = 16;

  /// Events that cannot be read, one after the other: then it is no slip of the server's.
  private static final int UNREADABLE_MAX = 16;

  private final ServerCalls calls;
  private final Transcript transcript;
  private final Facts facts;
  private final Consumer<ChatStream> whenOver;

  private String reason = "";
  private boolean done;
  private @Nullable ServerError error;
  private boolean withheld;
  private boolean counted;
  private @Nullable JsonNode usage;
  private @Nullable Counts counts;
  private int characters;
  private long bytes;
  private int unreadable;
  private String strange = "";
  private String held = "";
  private int heldTokens;
  private int untold;

  /// What the stream cannot see.
  ///
  /// @param known of its tokens without the server
  /// @param contextTokens that a sequence holds
  /// @param capped whether fewer tokens were asked for than were wanted, for want of context
  /// @param goesOn whether a text was begun before
  /// @param continues whether a text that breaks off can go on
  /// @param silence that is borne
  record Facts(
      Counts.Known known,
      int contextTokens,
      boolean capped,
      boolean goesOn,
      boolean continues,
      Duration silence) {}

  ChatStream(
      ServerCalls calls,
      EventStream events,
      Transcript transcript,
      Facts facts,
      Consumer<ChatStream> whenOver) {
    super(events, facts.silence());
    this.calls = calls;
    this.transcript = transcript;
    this.facts = facts;
    this.whenOver = whenOver;
  }

  @Override
  protected @Nullable Piece read(EventStream.Event event) throws IOException {
    String data = event.text().strip();
    StringBuilder text = new StringBuilder();
    if (event.type().equals("error") && !data.isEmpty()) {
      error = ServerError.ofEvent(data);
    } else if (!take(data, text)) {
      takeLines(data, text);
    }
    Piece piece = text.isEmpty() ? null : piece(text.toString());
    if (error != null) {
      fails(error);
    } else if (done) {
      done();
    }
    return piece;
  }

  /// An event of several lines is one JSON, or one a line.
  private void takeLines(String data, StringBuilder text) throws IOException {
    for (String line : data.lines().toList()) {
      if (!take(line.strip(), text)) {
        strange = strange.isEmpty() ? data : strange;
        unreadable(line);
      }
    }
  }

  /// @return false if it cannot be read
  private boolean take(String data, StringBuilder text) {
    if (data.equalsIgnoreCase(DONE)) {
      done = true;
      return true;
    }
    JsonNode json = data.isEmpty() ? null : ChatEvent.json(data);
    if (json == null) {
      return data.isEmpty();
    }
    if (json.isContainer()) {
      unreadable = 0;
      take(ChatEvent.of(json), text);
    }
    return true;
  }

  private void take(ChatEvent event, StringBuilder text) {
    String more = transcript.text(event.thinking(), event.content());
    characters += event.thinking().length() + event.content().length();
    bytes += utf8(event.thinking()) + utf8(event.content());
    text.append(more);
    withheld |= event.refused() || event.calls();
    usage = event.usage() == null ? usage : event.usage();
    counted = event.last() && characters > 0;
    if (!event.reason().isEmpty()) {
      lives();
      reason = event.reason();
    } else if (!event.thinking().isEmpty() || !event.content().isEmpty()) {
      // It was not the end.
      reason = "";
    }
    error = event.error() == null ? error : event.error();
  }

  private static long utf8(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  private Piece piece(String text) {
    String whole = whole(text);
    int tokens = Math.max(1, text.length() / CHARACTERS_MAX);
    count(tokens);
    return new Piece(whole, tokens);
  }

  private void unreadable(String line) throws IOException {
    // Others are what some servers send to show that they live.
    boolean json = line.startsWith("{") || line.startsWith("[");
    unreadable += json ? 1 : 0;
    if (unreadable > UNREADABLE_MAX) {
      throw new QuotedException("events could not be understood, the last is ", line);
    }
  }

  private void fails(ServerError said) {
    boolean text = characters > 0;
    if (text && said.kind() == ServerError.Kind.CONTEXT) {
      conclude(StopReason.CONTEXT_FULL);
    } else if (text && said.kind() == ServerError.Kind.WITHHELD) {
      conclude(StopReason.WITHHELD);
    } else {
      fails(calls.translate(ChatClient.PATH, said, null));
    }
  }

  /// The server says that it has said all.
  private void done() throws IOException {
    if (characters == 0 && reason.isEmpty() && !strange.isEmpty()) {
      fails(ServerError.ofText(strange));
    } else {
      conclude();
    }
  }

  @Override
  protected boolean lacksNothing() {
    return !reason.isEmpty() || counted;
  }

  /// Without a last event it is an end if the answer says so in another way, or if the server could
  /// not have been cut off, or could not go on if it had been.
  @Override
  protected void nothingMore(EventStream events) throws IOException {
    strange = strange.isEmpty() ? events.strange() : strange;
    if (lacksNothing()) {
      conclude();
    } else if (characters > 0 && unreadable > 0) {
      throw new QuotedException("an event could not be understood: ", strange);
    } else if (characters > 0) {
      if (!events.measured() && facts.continues()) {
        throw new IOException("the stream ended without a finish_reason");
      }
      conclude();
    } else if (!strange.isBlank()) {
      fails(ServerError.ofText(strange));
    } else if (facts.goesOn()) {
      conclude();
    } else {
      throw new IOException("the stream ended without any text");
    }
  }

  private void conclude() throws IOException {
    Ending ending = Ending.of(reason);
    if (ending == Ending.ABORTED) {
      throw new IOException("the server gave up (finish_reason %s)".formatted(Quote.of(reason)));
    }
    boolean full = facts.capped() || tokens() >= facts.contextTokens();
    conclude(
        switch (ending) {
          case TURN, ABORTED -> withheld ? StopReason.WITHHELD : StopReason.END_OF_TURN;
          case LENGTH -> full ? StopReason.CONTEXT_FULL : StopReason.LIMIT;
          case CONTEXT -> StopReason.CONTEXT_FULL;
          case WITHHELD -> StopReason.WITHHELD;
        });
  }

  private int tokens() {
    Counts told = counts();
    return told.prompt() + Math.max(told.written(), counted());
  }

  private void conclude(StopReason stop) {
    Counts told = counts();
    counts = told;
    held = whole(transcript.end(stop == StopReason.END_OF_TURN)) + lastHalf();
    heldTokens = held.isEmpty() ? 0 : Math.max(1, held.length() / CHARACTERS_MAX);
    int written = Math.max(counted() + heldTokens, told.written());
    untold = written - counted() - heldTokens;
    ends(
        new Completion(
            stop,
            told.usage(written),
            prefill(),
            decoding(),
            told.written() < 0 || told.promptEstimated()));
  }

  private Counts counts() {
    Counts.Known known = facts.known();
    return Counts.of(
        usage, new Counts.Known(known.prompt(), known.promptBytes(), bytes, known.most()));
  }

  /// What was held back of the text, and tokens that the server has counted and no piece has told
  /// of.
  @Override
  protected @Nullable Piece rest(Completion how) {
    if (!held.isEmpty()) {
      Piece last = new Piece(held, heldTokens);
      countLate(heldTokens);
      held = "";
      return last;
    }
    if (untold == 0) {
      return over(how);
    }
    int tokens = Math.min(untold, UNTOLD_MAX);
    untold -= tokens;
    countLate(tokens);
    return new Piece("", tokens);
  }

  @Override
  protected TokenUsage usageSoFar() {
    return new TokenUsage(facts.known().prompt(), 0, counted());
  }

  @Override
  protected EngineException.Unavailable brokenOff(Exception cause) {
    return calls.unavailable(
        "broke off after about %,d tokens: %s. What came so far is valid"
            .formatted(counted(), ServerHttp.reason(cause)),
        cause);
  }

  @Override
  protected void ended() {
    whenOver.accept(this);
  }

  /// Characters that have come.
  int characters() {
    return characters;
  }

  /// Tokens of them, if the server has counted and can be believed.
  OptionalInt usage() {
    Counts told = counts;
    return told == null || told.written() < 0
        ? OptionalInt.empty()
        : OptionalInt.of(told.written());
  }

  /// What the server has counted and cannot have; empty if nothing.
  String untrue() {
    Counts told = counts;
    return told == null ? "" : told.untrue();
  }

  /// The tags of the model, with those first that it has used.
  ThinkTags tags() {
    return transcript.tags();
  }

  /// Whether the server tells reasoning from content.
  boolean split() {
    return transcript.split();
  }
}
