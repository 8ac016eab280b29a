package dev.ponder.engine.jllama.seat;

import dev.ponder.engine.jllama.seat.Slots.Slot;
import dev.ponder.engine.jllama.seat.TokenBuffer.Decoded;
import dev.ponder.engine.jllama.seat.TokenBuffer.Ending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Decodes one request in its slot and puts the outputs into a buffer. Runs on a platform thread
/// from start to end, because a native read pins its thread and only the thread that reads may
/// cancel: a cancel by another one frees the slot but leaves the reader waiting for ever.
final class Generation {
  private static final int CHARACTER_BYTES = 4;

  private final SeatModel model;
  private final Slot slot;
  private final int[] ids;
  private final CompletionRequest request;
  private final int maxTokens;
  private final TokenBuffer buffer;
  private final int cached;
  private volatile long prefillNanos;

  Generation(
      SeatModel model,
      Slot slot,
      int[] ids,
      CompletionRequest request,
      int maxTokens,
      TokenBuffer buffer) {
    this.model = model;
    this.slot = slot;
    this.ids = ids;
    this.request = request;
    this.maxTokens = maxTokens;
    this.buffer = buffer;
    // The engine evaluates at least the last token of a prompt.
    this.cached = Math.min(slot.shared(ids), ids.length - 1);
  }

  int cached() {
    return cached;
  }

  long prefillNanos() {
    return prefillNanos;
  }

  Ending run() {
    try {
      return decode();
    } catch (RuntimeException e) {
      slot.holds(new int[0]);
      return new Ending(false, 0, 0, "The engine failed: " + e.getMessage());
    }
  }

  private Ending decode() {
    long start = System.nanoTime();
    slot.holds(Arrays.copyOf(ids, cached));
    for (int n = cached + SeatModel.BATCH; n < ids.length; n += SeatModel.BATCH) {
      if (buffer.cancelled()) {
        return new Ending(false, 0, 0, null);
      }
      model.evaluate(slot.number(), ids, n);
      slot.holds(Arrays.copyOf(ids, n));
    }
    if (buffer.cancelled()) {
      return new Ending(false, 0, 0, null);
    }
    return read(model.generate(slot.number(), ids, request, maxTokens), start);
  }

  private Ending read(SeatModel.Reading outputs, long start) {
    List<String> written = new ArrayList<>();
    int tokens = 0;
    long first = 0;
    long last = 0;
    boolean endOfTurn = false;
    try {
      while (outputs.hasNext()) {
        String text = outputs.next();
        if (!outputs.hasNext()) {
          break; // The last output is an empty marker.
        }
        last = System.nanoTime();
        if (tokens == 0) {
          first = last;
          prefillNanos = first - start;
        }
        Decoded decoded = new Decoded(text, tokensOf(text));
        tokens += decoded.tokens();
        endOfTurn = text.isEmpty();
        written.add(text);
        buffer.add(decoded);
        if (buffer.cancelled()) {
          break;
        }
      }
    } finally {
      outputs.close();
    }
    remember(endOfTurn ? written.subList(0, written.size() - 1) : written, endOfTurn);
    // At the limit the count is known, also if the last bytes were half a character and lost.
    boolean hidden = !endOfTurn && maxTokens - tokens < CHARACTER_BYTES;
    return new Ending(endOfTurn, hidden ? maxTokens : tokens, last - first, null);
  }

  /// A token that ends inside a character gives no output, so the output that completes the
  /// character stands for more than one. Text of plain ASCII cannot hide any.
  private int tokensOf(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return Math.max(1, model.encode(text).length);
      }
    }
    return 1;
  }

  /// The engine's cache now holds prompt and answer but for the last token, which is the end of
  /// the turn if there was one. A mistake here only makes the next request evaluate a few tokens
  /// more than this seat believes.
  private void remember(List<String> written, boolean endOfTurn) {
    int[] more = idsOrNothing(written);
    int known = endOfTurn ? more.length : Math.max(0, more.length - 1);
    int[] all = Arrays.copyOf(ids, ids.length + known);
    System.arraycopy(more, 0, all, ids.length, known);
    slot.holds(all);
  }

  private int[] idsOrNothing(List<String> written) {
    try {
      return model.idsOf(written);
    } catch (RequestProblem longRun) {
      return new int[0];
    }
  }
}
