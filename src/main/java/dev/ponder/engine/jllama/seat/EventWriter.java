package dev.ponder.engine.jllama.seat;

import dev.ponder.engine.jllama.seat.TokenBuffer.Ending;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;

/// Sends a completion as server-sent events. Tokens that come fast travel together, because an
/// event costs about as much as decoding a token of a small model; tokens that come slowly are
/// sent at once.
final class EventWriter {
  /// After so long without a token it is looked whether anybody still waits for one.
  static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  /// Tokens in one event, so that no event grows with the answer.
  private static final int TOKENS_MAX = 2_048;

  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BREAK = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final SeatCall call;
  private final int promptTokens;
  private final double pace;
  private final StringBuilder text = new StringBuilder();
  private int sent;
  private long firstSent;
  private long lastSent;

  EventWriter(SeatCall call, int promptTokens, double pace) throws IOException {
    this.call = call;
    this.promptTokens = promptTokens;
    this.pace = pace;
    call.begin(200, 0);
    call.send(new byte[0]);
  }

  /// Sends all that is decoded until the engine has ended and nothing is left.
  void write(TokenBuffer buffer) throws IOException, InterruptedException {
    while (true) {
      call.requireReader();
      int tokens = buffer.take(allowed(), text);
      sent += tokens;
      if (buffer.ending() != null && buffer.empty()) {
        lastSent = tokens > 0 ? System.nanoTime() : lastSent;
        return; // What is left travels with the last event.
      }
      if (tokens > 0) {
        send(tokens, System.nanoTime());
        buffer.awaitEnd(GATHER_NANOS);
        continue;
      }
      await(buffer);
    }
  }

  private void await(TokenBuffer buffer) throws InterruptedException {
    long toPaced = dueIn(System.nanoTime());
    if (toPaced > 0) {
      buffer.pause(Math.min(LOOK_NANOS, Math.max(toPaced, GATHER_NANOS / 10)));
      return;
    }
    buffer.awaitAny(LOOK_NANOS);
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
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    bytes.writeBytes(DATA);
    SeatServer.writeObject(bytes, members);
    bytes.writeBytes(BREAK);
    call.send(bytes.toByteArray());
  }
}
