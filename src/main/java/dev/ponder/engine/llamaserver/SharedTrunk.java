package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Completion;
import dev.ponder.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Evaluates the common beginning of several prompts in one slot and copies it to others, through a
/// file in the folder the server was started with (`--slot-save-path`). A slot is warm for one
/// request only, and several completions of one request (`n_cmpl`) forget theirs as they end, so
/// their continuations would pay for all of it: this is the only way that a branch keeps its own
/// request, seed, end of the prompt and continuation.
final class SharedTrunk {
  private static final Logger LOG = LoggerFactory.getLogger(SharedTrunk.class);

  /// Copying costs a few milliseconds; so few tokens are evaluated as fast.
  private static final int TOKENS_MIN = 32;

  /// For the few tokens that a copy is compared by.
  private static final Duration CHECK_LIMIT = Duration.ofSeconds(10);

  /// Tokens that the first copy writes to be compared with its original.
  private static final int CHECKED_TOKENS = 8;

  private final ServerSlots slots;
  private final Evaluator evaluator;
  private final String file = "ponder-trunk-" + UUID.randomUUID() + ".kv";
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean distrusted;
  private boolean faithful;

  /// Continues a prompt greedily by so many tokens; the first has to come within the limit.
  interface Evaluator {
    Evaluated evaluate(int[] prompt, int slot, int tokens, Duration limit);
  }

  /// What came of it, and in which slot.
  record Evaluated(Completion completion, int slot, int[] written) {}

  /// What an evaluation cost, and the slots that hold it now, the original first.
  record Shared(Completion cost, List<Integer> slots) {}

  SharedTrunk(ServerSlots slots, Evaluator evaluator) {
    this.slots = slots;
    this.evaluator = evaluator;
  }

  /// Whether the server copies slots, and well.
  boolean offered() {
    return !distrusted && slots.keepFiles();
  }

  /// @param limit for the evaluation
  /// @return null if nothing was shared
  @Nullable Shared share(List<int[]> prompts, Duration limit) {
    int[] trunk = common(prompts);
    if (prompts.size() < 2 || trunk.length < TOKENS_MIN || !offered()) {
      return null;
    }
    lock.lock();
    try {
      Evaluated original = evaluator.evaluate(trunk, ServerSlots.ANY, 1, limit);
      List<Integer> holding = new ArrayList<>(List.of(original.slot()));
      holding.addAll(copy(trunk, original.slot(), prompts.size() - 1));
      return new Shared(original.completion(), holding);
    } catch (EngineException.Refused | EngineException.Unusable e) {
      LOG.warn("Prompts are not evaluated together any more: {}", e.getMessage());
      distrusted = true;
      return null;
    } finally {
      lock.unlock();
    }
  }

  private static int[] common(List<int[]> prompts) {
    int[] first = prompts.isEmpty() ? new int[0] : prompts.getFirst();
    int length = first.length;
    for (int[] other : prompts) {
      int mismatch = Arrays.mismatch(first, other);
      length = mismatch < 0 ? length : Math.min(length, mismatch);
    }
    return Arrays.copyOf(first, length);
  }

  private List<Integer> copy(int[] trunk, int original, int copies) {
    List<Integer> idle = new ArrayList<>(new TreeSet<>(slots.look().idle()));
    idle.remove((Integer) original);
    List<Integer> targets = idle.subList(0, Math.min(copies, idle.size()));
    if (targets.isEmpty()) {
      return targets;
    }
    slots.save(original, file);
    for (int target : targets) {
      slots.restore(target, file);
    }
    if (!faithful && !same(trunk, original, targets.getFirst())) {
      targets.forEach(slots::erase);
      throw new EngineException.Unusable(
          "The server's copy of a slot goes on with other words than the original. Other builds of llama-server do not have this fault.",
          null);
    }
    faithful = true;
    return targets;
  }

  /// Some builds are said to damage what they save, so the first copy has to show that it is one.
  private boolean same(int[] trunk, int original, int copy) {
    int[] expected = evaluator.evaluate(trunk, original, CHECKED_TOKENS, CHECK_LIMIT).written();
    return Arrays.equals(
        expected, evaluator.evaluate(trunk, copy, CHECKED_TOKENS, CHECK_LIMIT).written());
  }
}
