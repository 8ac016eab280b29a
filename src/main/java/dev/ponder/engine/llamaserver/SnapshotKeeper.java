package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Saves the slots of one server and restores them, and believes nothing: a file is restored only
/// if it is of this model, of these tokens and as it was written; and then the server has to find
/// the tokens and to go on with the same words as when it was saved. Where anything is off, the
/// slot is emptied and this server is left alone with snapshots: a thought is evaluated as without
/// them.
final class SnapshotKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);

  /// Tokens that tell whether what was restored is what was saved.
  static final int CHECKED_TOKENS = 4;

  private final String model;
  private final ServerPlace place;
  private final ServerSlots slots;
  private final SharedTrunk.Evaluator evaluator;
  private final Duration limit;
  private final InstantSource time;
  private final SaveSchedule turns;
  private volatile boolean distrusted;
  private @Nullable Identified identified;

  private record Identified(ServerProps props, @Nullable String identity) {}

  SnapshotKeeper(
      String model,
      ServerPlace place,
      ServerSlots slots,
      SharedTrunk.Evaluator evaluator,
      Duration limit,
      InstantSource time) {
    this.model = model;
    this.place = place;
    this.slots = slots;
    this.evaluator = evaluator;
    this.limit = limit;
    this.time = time;
    SnapshotStore store = place.store();
    this.turns = new SaveSchedule(store == null ? 1 : store.settings().shareMax());
  }

  /// Whether thoughts on this server are kept.
  boolean offered(ServerProps props) {
    SnapshotStore store = place.store();
    return store != null
        && store.usable()
        && place.slots() != null
        && !distrusted
        && props.tokenIds()
        && !props.messages()
        && slots.keepFiles()
        && identity(props) != null;
  }

  /// What identifies the model of a server, as long as that runs.
  private synchronized @Nullable String identity(ServerProps props) {
    Identified known = identified;
    if (known == null || known.props() != props) {
      known = new Identified(props, identify(props));
      identified = known;
    }
    return known.identity();
  }

  private @Nullable String identify(ServerProps props) {
    Path file = place.file() == null ? Path.of(props.modelPath()) : place.file();
    if (!file.isAbsolute()) {
      LOG.warn(
          "No snapshots are kept of model {}: its server says that the file is {}, which could be anywhere. Start it with the whole path.",
          model,
          file);
      return null;
    }
    List<String> loaded = new ArrayList<>(place.options());
    loaded.add(props.build());
    // Its layout depends on both; a server refuses what was saved with another number of slots.
    loaded.add(Integer.toString(props.contextTokens()));
    loaded.add(Integer.toString(props.sequences()));
    try {
      return ModelIdentity.of(file, loaded);
    } catch (IOException e) {
      LOG.warn("No snapshots are kept of model {}: its file cannot be read ({}).", model, e);
      return null;
    }
  }

  /// How many tokens of a prompt are in a snapshot of this line of thought, or of any.
  int kept(ServerProps props, int[] prompt, @Nullable String owner) {
    String identity = identity(props);
    Snapshot found = identity == null ? null : store().longest(identity, prompt);
    return found == null || (owner != null && !found.owner().equals(owner))
        ? 0
        : found.shared(prompt);
  }

  private SnapshotStore store() {
    SnapshotStore store = place.store();
    if (store == null) {
      throw new IllegalStateException("nothing is kept of model " + model);
    }
    return store;
  }

  /// Fills an idle slot with what is kept of a prompt, if it can be had.
  void restore(ServerProps props, int[] prompt, int slot) {
    String identity = identity(props);
    Snapshot found;
    while (identity != null && (found = store().longest(identity, prompt)) != null) {
      if (store().intact(found)) {
        bring(found, slot);
        return;
      }
      LOG.warn(
          "The snapshot {} of model {} is damaged or missing and is not used: its file is not the one that was written.",
          found.name(),
          model);
      store().drop(found);
    }
  }

  private void bring(Snapshot snapshot, int slot) {
    Path file = file();
    try {
      store().lend(snapshot, file);
      int restored = slots.restore(slot, file.getFileName().toString());
      String doubt = restored == snapshot.saved() ? doubt(snapshot, slot) : "other tokens";
      if (doubt == null) {
        LOG.debug("{} tokens of model {} are restored in slot {}", restored, model, slot);
        return;
      }
      distrust("A slot that was restored has " + doubt);
    } catch (EngineException.Unavailable e) {
      LOG.debug("A snapshot of model {} was not restored: {}", model, e.getMessage());
      return;
    } catch (EngineException e) {
      distrust(e.getMessage());
    } catch (IOException e) {
      store().failed(e);
    } finally {
      remove(file);
    }
    store().drop(snapshot);
    empty(slot);
  }

  /// By the numbers that the server reports, and by its words.
  private @Nullable String doubt(Snapshot snapshot, int slot) {
    int[] ids = snapshot.ids();
    var again = evaluator.evaluate(ids, slot, CHECKED_TOKENS, limit);
    int cached = again.completion().usage().cached();
    if (cached < ids.length - 1) {
      return "%,d tokens of %,d".formatted(cached, ids.length);
    }
    return Arrays.equals(again.written(), snapshot.next()) ? null : "other words to go on with";
  }

  private void distrust(@Nullable String why) {
    distrusted = true;
    LOG.warn(
        "Snapshots of model {} are not used any more, its thoughts are evaluated as without them: {}",
        model,
        why);
  }

  private void empty(int slot) {
    try {
      slots.erase(slot);
    } catch (EngineException e) {
      LOG.debug("Slot {} of model {} was not emptied: {}", slot, model, e.getMessage());
    }
  }

  /// Whether a line of thought may be saved now: saving has its share of the server's time, and
  /// whoever was refused longest comes first.
  ///
  /// @param left until the deadline, which a save must not come near
  boolean turnOf(String owner, Duration left) {
    return !distrusted && store().usable() && turns.fits(left) && turns.take(owner);
  }

  /// A line of thought that waited for its turn does so no longer.
  void over(String owner) {
    turns.leave(owner);
  }

  int everyTokens() {
    return store().settings().everyTokens();
  }

  /// Saves a slot whose request has ended; the server waits for that moment.
  void save(ServerProps props, String owner, int[] ids, int slot) {
    long began = System.nanoTime();
    Path file = file();
    try {
      int saved = slots.save(slot, file.getFileName().toString());
      String refusal = refusal(file, saved);
      if (refusal != null) {
        distrust(refusal);
        return;
      }
      var now = evaluator.evaluate(ids, slot, CHECKED_TOKENS, limit);
      String identity = identity(props);
      // Somebody else's request may have had the slot in between.
      boolean ours = saved >= ids.length - 1 && now.completion().usage().cached() >= ids.length - 1;
      if (identity != null && ours) {
        Instant at = time.instant();
        store().keep(file, new Snapshot(identity, owner, ids, now.written(), saved, 0, "", at));
      }
    } catch (EngineException.Unavailable e) {
      // Without a cause it is the server's own word: its folder is full, or cannot be written.
      if (e.getCause() == null) {
        distrust(e.getMessage());
      } else {
        LOG.debug("A thought of model {} was not saved: {}", model, e.getMessage());
      }
    } catch (EngineException e) {
      distrust(e.getMessage());
    } catch (IOException e) {
      store().failed(e);
    } finally {
      remove(file);
      turns.took(System.nanoTime() - began);
    }
  }

  private @Nullable String refusal(Path file, int saved) {
    if (saved <= 0) {
      return "the server could not write %s. Its folder may be full".formatted(file);
    }
    return Files.isRegularFile(file)
        ? null
        : "the server saved a slot, but not in %s. That has to be the folder it was started with (--slot-save-path)"
            .formatted(place.slots());
  }

  private Path file() {
    Path folder = place.slots();
    if (folder == null) {
      throw new IllegalStateException("the folder of the server of " + model + " is unknown");
    }
    return folder.resolve("ponder-thought-" + UUID.randomUUID() + ".kv");
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} stays: {}", file, e.toString());
    }
  }
}
