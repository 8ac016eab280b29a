package dev.ponder.engine.jllama.seat;

import dev.ponder.engine.jllama.seat.Slots.Slot;
import dev.ponder.engine.jllama.seat.Slots.Ticket;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Carries completions from the checked request through the line of waiting ones and a slot to the
/// last event.
final class Completions {
  private final SeatModel model;
  private final SeatOptions options;
  private final Slots slots;
  private final ExecutorService readers;
  private final Set<TokenBuffer> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  Completions(SeatModel model, SeatOptions options) {
    this.model = model;
    this.options = options;
    this.slots = new Slots(options.model().sequences(), options.waitingMax());
    this.readers =
        Executors.newFixedThreadPool(
            options.model().sequences(),
            task -> {
              Thread thread = new Thread(null, task, "reader", SeatServer.THREAD_STACK);
              thread.setDaemon(true);
              return thread;
            });
  }

  void stream(SeatCall call, CompletionRequest request) throws IOException {
    int[] ids = ids(request);
    int window = options.model().contextTokens();
    if (ids.length >= window) {
      throw RequestProblem.tooLong(ids.length, window);
    }
    int room = window - ids.length;
    boolean shortened = request.maxTokens() > room || request.maxTokens() < 0;
    Ticket ticket = slots.enter(ids, request.slot());
    try {
      EventWriter events = new EventWriter(call, ids.length, options.model().pace());
      Slot slot = await(ticket, call);
      TokenBuffer buffer = new TokenBuffer();
      Generation generation =
          new Generation(model, slot, ids, request, shortened ? room : request.maxTokens(), buffer);
      decode(generation, buffer, events, ticket, shortened);
      call.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the seat ends", e);
    } finally {
      ticket.leave();
    }
  }

  private void decode(
      Generation generation,
      TokenBuffer buffer,
      EventWriter events,
      Ticket ticket,
      boolean shortened)
      throws IOException, InterruptedException {
    running.add(buffer);
    ticket.reads();
    if (stopping) {
      buffer.cancel();
    }
    readers.execute(
        () -> {
          // First the slot, then the end: whoever hears of the end finds the slot free.
          TokenBuffer.Ending ending = generation.run();
          ticket.hasRead();
          buffer.end(ending);
        });
    try {
      events.write(buffer);
      // The slot is free before the client hears of the end, so that its next request finds the
      // text it has just been given in that slot's cache.
      ticket.leave();
      events.end(buffer, generation, shortened);
    } finally {
      buffer.cancel();
      running.remove(buffer);
    }
  }

  private static Slot await(Ticket ticket, SeatCall call) throws IOException, InterruptedException {
    while (true) {
      @Nullable Slot slot = ticket.await(EventWriter.LOOK_NANOS);
      if (slot != null) {
        return slot;
      }
      call.requireReader();
    }
  }

  /// Ids are sent to the engine as they are, so a model that wants a first token gets it here.
  private int[] ids(CompletionRequest request) {
    String prompt = request.prompt();
    if (prompt == null) {
      return request.ids();
    }
    int[] ids = model.encode(prompt);
    OptionalInt first = model.header().prefixToken();
    if (first.isEmpty() || (ids.length > 0 && ids[0] == first.getAsInt())) {
      return ids;
    }
    int[] more = new int[ids.length + 1];
    more[0] = first.getAsInt();
    System.arraycopy(ids, 0, more, 1, ids.length);
    return more;
  }

  /// Cancels everything and waits for the readers: ending a process over a busy slot can crash it.
  void stop(long millis) throws InterruptedException {
    stopping = true;
    running.forEach(TokenBuffer::cancel);
    readers.shutdown();
    readers.awaitTermination(millis, TimeUnit.MILLISECONDS);
  }
}
