package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.http.ServerJson;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// The slots of one server, each of which holds one evaluated sequence: which of them work, and
/// their way into a file and back. Files are named without a folder; the server has its own for
/// them (`--slot-save-path`).
final class ServerSlots {
  static final int ANY = -1;

  /// Shorter than any restart of a server.
  private static final long LATELY = Duration.ofMillis(100).toNanos();

  private final Calls calls;
  private final Duration limit;
  private volatile @Nullable Boolean files;
  private volatile boolean listed = true;
  private volatile @Nullable Sight seen;

  /// @param limit for one action. A slot that is busy is acted upon when its request has ended, and
  ///     a large sequence takes seconds to write
  ServerSlots(Calls calls, Duration limit) {
    this.calls = calls;
    this.limit = limit;
  }

  /// Whether the server saves and restores slots. It refuses a name with a path, but only where it
  /// would take another one.
  boolean keepFiles() {
    Boolean known = files;
    if (known == null) {
      try {
        restore(0, "../none");
        known = false;
      } catch (EngineException.Refused e) {
        known = true;
      } catch (EngineException.Unusable e) {
        known = false;
      }
      files = known;
    }
    return known;
  }

  /// @return how many tokens it wrote, negative if the server does not say
  int save(int slot, String file) {
    return act(slot, "save", file, "n_saved");
  }

  /// @return how many tokens the slot holds now, negative if the server does not say
  /// @throws EngineException.Refused if the server does not take the file; the slot is empty then
  int restore(int slot, String file) {
    return act(slot, "restore", file, "n_restored");
  }

  void erase(int slot) {
    act(slot, "erase", "none", "n_erased");
  }

  private int act(int slot, String action, String file, String count) {
    byte[] answer =
        calls.post(
            "slots/%d?action=%s".formatted(slot, action),
            limit,
            json -> json.writeStringProperty("filename", file));
    return Event.member(answer, count, JsonParser::getIntValue, -1);
  }

  /// What the slots are doing.
  ///
  /// @param busy those that work for somebody
  /// @param idle those that do not
  /// @param empty those that have done nothing since the server started
  /// @param at when that was asked, in nanoseconds
  record Sight(Set<Integer> busy, Set<Integer> idle, Set<Integer> empty, long at) {
    static final Sight NOTHING = new Sight(Set.of(), Set.of(), Set.of(), 0);
  }

  /// How they were a moment ago at most, which is enough to keep out of the way of others.
  Sight lookLately() {
    Sight last = seen;
    if (last == null || System.nanoTime() - last.at() > LATELY) {
      last = look();
      seen = last;
    }
    return last;
  }

  /// How they are now. Nothing is seen where the server keeps that to itself (`--no-slots`).
  Sight look() {
    if (!listed) {
      return Sight.NOTHING;
    }
    long at = System.nanoTime();
    try {
      return read(calls.get("slots", limit), at);
    } catch (EngineException.Unusable e) {
      listed = false;
      return Sight.NOTHING;
    }
  }

  private static Sight read(byte[] body, long at) {
    Sight seen = new Sight(new HashSet<>(), new HashSet<>(), new HashSet<>(), at);
    try (JsonParser json =
        ServerJson.FACTORY.createParser(ObjectReadContext.empty(), body, 0, body.length)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.START_OBJECT) {
        one(json, seen);
      }
    }
    return seen;
  }

  private static void one(JsonParser json, Sight seen) {
    int id = -1;
    int task = -1;
    boolean busy = false;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "id" -> id = value.isNumeric() ? json.getIntValue() : -1;
        case "id_task" -> task = value.isNumeric() ? json.getIntValue() : -1;
        case "is_processing" -> busy = value == JsonToken.VALUE_TRUE;
        default -> json.skipChildren();
      }
    }
    if (id < 0) {
      return;
    }
    (busy ? seen.busy() : seen.idle()).add(id);
    if (task < 0 && !busy) {
      seen.empty().add(id);
    }
  }
}
