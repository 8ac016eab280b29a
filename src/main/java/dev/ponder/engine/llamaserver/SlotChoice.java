package dev.ponder.engine.llamaserver;

import dev.ponder.engine.GenerationRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Which slot a request runs in. A thought goes back to the slot that holds it; a new one goes
/// where the most of its prompt is evaluated already, but never into the slot of a thought that may
/// go on while there is another. Left to itself a server takes the slot that looks most alike, and
/// two thoughts with the same instructions keep throwing each other out.
final class SlotChoice {

  /// So much of a prompt has to be there for its slot to be better than any other; the server's own
  /// measure.
  private static final double ALIKE = 0.1;

  private static final long JUST_LEFT = Duration.ofMillis(500).toNanos();

  private Slot[] slots = {};
  private long clock;

  private static final class Slot {
    private boolean taken;
    private boolean worked;
    private long workedAt;
    private String prompt = "";
    private @Nullable String owner;
    private long usedAt;
    private long leftAt = System.nanoTime() - JUST_LEFT;

    private void forget() {
      owner = null;
      prompt = "";
      worked = false;
    }

    private void workedNow() {
      leftAt = System.nanoTime();
      if (!worked) {
        worked = true;
        workedAt = leftAt;
      }
    }

    private boolean workedBefore(long when) {
      return worked && workedAt - when < 0;
    }

    /// A server notices the end of a stream a moment later, and says until then that it works.
    private boolean worksForOthers(boolean busy) {
      return busy && System.nanoTime() - leftAt >= JUST_LEFT;
    }
  }

  /// A slot that is taken until it is given back.
  ///
  /// @param number of the slot, or [ServerSlots#ANY] if none was free: then the server decides
  /// @param warm whether the slot holds what this line of thought asked for last
  record Taken(int number, boolean warm, Runnable back) implements AutoCloseable {
    /// Idempotent.
    @Override
    public void close() {
      back.run();
    }
  }

  /// @param owner whose line of thought it is
  /// @param seen what the server says of them
  synchronized Taken take(String owner, String prompt, int count, ServerSlots.Sight seen) {
    if (slots.length != count) {
      slots = new Slot[count];
      Arrays.setAll(slots, i -> new Slot());
    }
    if (wasStartedAnew(seen)) {
      forgetAll();
    }
    int number = choose(owner, prompt, seen.busy());
    if (number < 0) {
      return new Taken(ServerSlots.ANY, false, () -> {});
    }
    Slot slot = slots[number];
    boolean warm = owner.equals(slot.owner);
    leave(owner);
    slot.taken = true;
    hold(slot, owner, prompt);
    AtomicBoolean given = new AtomicBoolean();
    return new Taken(
        number,
        warm,
        () -> {
          if (given.compareAndSet(false, true)) {
            free(slot);
          }
        });
  }

  /// A slot that has worked for us says that it never worked. One that was only filled says so too.
  private boolean wasStartedAnew(ServerSlots.Sight seen) {
    return seen.empty().stream()
        .anyMatch(i -> i < slots.length && slots[i].workedBefore(seen.at()));
  }

  private synchronized void free(Slot slot) {
    slot.taken = false;
    slot.workedNow();
    slot.usedAt = ++clock;
  }

  private void hold(Slot slot, String owner, String prompt) {
    slot.owner = owner;
    slot.prompt = prompt;
    slot.usedAt = ++clock;
  }

  private int choose(String owner, String prompt, Set<Integer> busy) {
    int best = -1;
    double bestRank = -1;
    for (int i = 0; i < slots.length; i++) {
      if (slots[i].taken || slots[i].worksForOthers(busy.contains(i))) {
        continue;
      }
      double rank = rank(slots[i], owner, prompt);
      if (rank > bestRank || (rank == bestRank && slots[i].usedAt < slots[best].usedAt)) {
        best = i;
        bestRank = rank;
      }
    }
    return best;
  }

  /// 3 is the slot of this thought, 1 to 2 one that nobody will come back to, 0 one of another.
  private static double rank(Slot slot, String owner, String prompt) {
    if (slot.owner != null) {
      return slot.owner.equals(owner) ? 3 : 0;
    }
    double alike = common(slot.prompt, prompt) / (double) Math.max(1, prompt.length());
    return 1 + (alike < ALIKE ? 0 : alike);
  }

  private static int common(String one, String other) {
    int end = Math.min(one.length(), other.length());
    int same = 0;
    while (same < end && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    return same;
  }

  /// A slot was filled for this line of thought, which comes for it soon.
  synchronized void fill(int number, String owner, String prompt) {
    if (number >= 0 && number < slots.length && !slots[number].taken) {
      leave(owner);
      hold(slots[number], owner, prompt);
    }
  }

  /// What is in the slots may help others, but nobody comes back to it.
  ///
  /// @param owners one line of thought, or all of a job
  synchronized void leave(String owners) {
    for (Slot slot : slots) {
      String owner = slot.owner;
      if (owner != null && GenerationRequest.belongs(owner, owners)) {
        slot.owner = null;
      }
    }
  }

  /// The server was started anew, and all slots are empty.
  synchronized void forgetAll() {
    for (Slot slot : slots) {
      slot.forget();
    }
  }
}
