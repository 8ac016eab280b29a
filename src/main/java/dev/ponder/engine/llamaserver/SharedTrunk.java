package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Completion;
import dev.ponder.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// Evaluates the common beginning of several prompts in one slot and copies it to others, through a
/// file in the folder the server was started with (`--slot-save-path`). A slot is warm for one
/// request only, and several completions of one request (`n_cmpl`) forget theirs as they end, so
/// their continuations would pay for all of it: this is the only way that a branch keeps its own
/// request, seed, end of the prompt and continuation.
final class SharedTrunk {
  private static final Logger LOG = LoggerFactory.getLogger(SharedTrunk.class);

  /// Copying costs a few milliseconds; so few tokens are evaluated as fast.
  private static final int TOKENS_MIN = 32;

  /// A copy waits while its slot is busy, which nobody needs then.
  private static final Duration COPY_LIMIT = Duration.ofSeconds(10);

  /// Tokens that the first copy writes to be compared with its original.
  private static final int CHECKED_TOKENS = 8;

  private static final int ANY_SLOT = -1;

  private final Calls calls;
  private final Evaluator evaluator;
  private final String file = "ponder-trunk-" + UUID.randomUUID() + ".kv";
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Boolean offered;
  private boolean faithful;

  /// Continues a prompt greedily by so many tokens; the first has to come within the limit.
  interface Evaluator {
    Evaluated evaluate(int[] prompt, int slot, int tokens, Duration limit);
  }

  /// What came of it, and in which slot.
  record Evaluated(Completion completion, int slot, int[] written) {}

  SharedTrunk(Calls calls, Evaluator evaluator) {
    this.calls = calls;
    this.evaluator = evaluator;
  }

  /// Whether the server copies slots. It refuses a name with a path, but only where it would take
  /// another one.
  boolean offered() {
    Boolean known = offered;
    if (known == null) {
      try {
        act(0, "restore", "../none");
        known = false;
      } catch (EngineException.Refused e) {
        known = true;
      } catch (EngineException.Unusable e) {
        known = false;
      }
      offered = known;
    }
    return known;
  }

  /// @param limit for the evaluation
  /// @return what the evaluation cost; null if nothing was shared
  @Nullable Completion share(List<int[]> prompts, Duration limit) {
    int[] trunk = common(prompts);
    if (prompts.size() < 2 || trunk.length < TOKENS_MIN || !offered()) {
      return null;
    }
    lock.lock();
    try {
      Evaluated original = evaluator.evaluate(trunk, ANY_SLOT, 1, limit);
      copy(trunk, original.slot(), prompts.size() - 1);
      return original.completion();
    } catch (EngineException.Refused | EngineException.Unusable e) {
      LOG.warn("Prompts are not evaluated together any more: {}", e.getMessage());
      offered = false;
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

  private void copy(int[] trunk, int original, int copies) {
    List<Integer> idle = idleSlots();
    idle.remove((Integer) original);
    List<Integer> targets = idle.subList(0, Math.min(copies, idle.size()));
    if (targets.isEmpty()) {
      return;
    }
    act(original, "save", file);
    for (int target : targets) {
      act(target, "restore", file);
    }
    if (!faithful && !same(trunk, original, targets.getFirst())) {
      for (int target : targets) {
        act(target, "erase", file);
      }
      throw new EngineException.Unusable(
          "The server's copy of a slot goes on with other words than the original. Other builds of llama-server do not have this fault.",
          null);
    }
    faithful = true;
  }

  /// Some builds are said to damage what they save, so the first copy has to show that it is one.
  private boolean same(int[] trunk, int original, int copy) {
    int[] expected = evaluator.evaluate(trunk, original, CHECKED_TOKENS, COPY_LIMIT).written();
    return Arrays.equals(
        expected, evaluator.evaluate(trunk, copy, CHECKED_TOKENS, COPY_LIMIT).written());
  }

  private void act(int slot, String action, String name) {
    calls.post(
        "slots/%d?action=%s".formatted(slot, action),
        COPY_LIMIT,
        json -> json.writeStringProperty("filename", name));
  }

  private List<Integer> idleSlots() {
    List<Integer> idle = new ArrayList<>();
    byte[] body = calls.get("slots", COPY_LIMIT);
    try (JsonParser json =
        Event.JSON.createParser(ObjectReadContext.empty(), body, 0, body.length)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.START_OBJECT) {
        int slot = idleSlot(json);
        if (slot >= 0) {
          idle.add(slot);
        }
      }
    }
    return idle;
  }

  private static int idleSlot(JsonParser json) {
    int id = -1;
    boolean busy = false;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "id" -> id = value.isNumeric() ? json.getIntValue() : -1;
        case "is_processing" -> busy = value == JsonToken.VALUE_TRUE;
        default -> json.skipChildren();
      }
    }
    return busy ? -1 : id;
  }
}
