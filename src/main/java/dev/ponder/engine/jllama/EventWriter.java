package dev.ponder.engine.jllama;

import com.sun.net.httpserver.HttpExchange;
import dev.ponder.engine.jllama.TokenBuffer.Ending;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;

/// Sends a completion as server-sent events. Tokens that come fast travel together, because an
/// event costs about as much as decoding a token of a small model; tokens that come slowly are
/// sent at once.
final class EventWriter {
  /// A comment is sent after so much silence: a client that left is noticed by it, and a client
  /// that waits sees that the seat lives.
  static final long PING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  /// Tokens in one event, so that no event grows with the answer.
  private static final int TOKENS_MAX = 2_048;

  private static final byte[] PING = ":\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BREAK = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final int promptTokens;
  private final double pace;
  private final StringBuilder text = new StringBuilder();
  private int sent;
  private long firstSent;
  private long lastSent;

  EventWriter(HttpExchange exchange, int promptTokens, double pace) throws IOException {
    this.promptTokens = promptTokens;
    this.pace = pace;
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    out = exchange.getResponseBody();
    ping();
  }

  void ping() throws IOException {
    out.write(PING);
    out.flush();
  }

  /// Sends all that is decoded until the engine has ended and nothing is left.
  void write(TokenBuffer buffer) throws IOException, InterruptedException {
    long lastFlush = System.nanoTime();
    while (true) {
      int tokens = buffer.take(allowed(), text);
      sent += tokens;
      if (buffer.ending() != null && buffer.empty()) {
        lastSent = tokens > 0 ? System.nanoTime() : lastSent;
        return; // What is left travels with the last event.
      }
      if (tokens > 0) {
        lastFlush = System.nanoTime();
        send(tokens, lastFlush);
        buffer.awaitEnd(GATHER_NANOS);
        continue;
      }
      long now = System.nanoTime();
      if (now - lastFlush >= PING_NANOS) {
        ping();
        lastFlush = now;
      }
      await(buffer, lastFlush, now);
    }
  }

  private void await(TokenBuffer buffer, long lastFlush, long now) throws InterruptedException {
    long toPing = PING_NANOS - (now - lastFlush);
    long toPaced = dueIn(now);
    if (toPaced > 0) {
      buffer.pause(Math.min(toPing, Math.max(toPaced, GATHER_NANOS / 10)));
      return;
    }
    buffer.awaitAny(toPing);
  }

  /// How many tokens may be sent now.
  private int allowed() {
    if (pace == 0) {
      return TOKENS_MAX;
    }
    if (sent == 0) {
      return 1;
    }
    double due = (System.nanoTime() - firstSent) * pace / 1e9 + 1;
    return (int) Math.min(TOKENS_MAX, due - sent);
  }

  /// Nanoseconds until the next token may be sent.
  private long dueIn(long now) {
    return pace == 0 || sent == 0 ? 0 : firstSent + (long) (sent * 1e9 / pace) - now;
  }

  private void send(int tokens, long now) throws IOException {
    firstSent = firstSent == 0 ? now : firstSent;
    lastSent = now;
    event(
        json -> {
          json.writeStringProperty("content", text.toString());
          json.writeBooleanProperty("stop", false);
          json.writeNumberProperty("n", tokens);
          json.writeNumberProperty("tokens_predicted", sent);
          json.writeNumberProperty("tokens_evaluated", promptTokens);
        });
    text.setLength(0);
  }

  /// The last event: how it ended and what it cost, or what failed.
  void end(TokenBuffer buffer, Generation generation, boolean shortened) throws IOException {
    Ending ending = buffer.ending();
    if (ending == null || buffer.cancelled()) {
      return;
    }
    if (ending.failure() != null) {
      event(
          json ->
              SeatServer.error(
                  json,
                  new RequestProblem(500, "server_error", ending.failure(), java.util.Map.of())));
      return;
    }
    event(json -> summary(json, ending, generation, shortened));
  }

  private void summary(
      JsonGenerator json, Ending ending, Generation generation, boolean shortened) {
    boolean limit = !ending.endOfTurn();
    long decode = pace == 0 ? ending.decodeNanos() : Math.max(0, lastSent - firstSent);
    json.writeStringProperty("content", text.toString());
    json.writeBooleanProperty("stop", true);
    json.writeStringProperty("stop_type", limit ? "limit" : "eos");
    json.writeBooleanProperty("truncated", limit && shortened);
    json.writeNumberProperty("tokens_predicted", ending.written());
    json.writeNumberProperty("tokens_evaluated", promptTokens);
    json.writeName("timings");
    json.writeStartObject();
    json.writeNumberProperty("cache_n", generation.cached());
    json.writeNumberProperty("prompt_n", promptTokens - generation.cached());
    json.writeNumberProperty("prompt_ms", generation.prefillNanos() / 1e6);
    json.writeNumberProperty("predicted_n", ending.written());
    json.writeNumberProperty("predicted_ms", decode / 1e6);
    json.writeEndObject();
  }

  private void event(java.util.function.Consumer<JsonGenerator> members) throws IOException {
    out.write(DATA);
    out.write(SeatServer.object(members));
    out.write(BREAK);
    out.flush();
  }
}
