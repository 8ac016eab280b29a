package dev.ponder.web.security;

import dev.ponder.audit.AuditEntry;
import dev.ponder.audit.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys that are accepted: those of the settings, and those of the file in the data folder as
/// it is now.
///
/// Once there is a key, or the file that holds them, there always has to be one: a service whose
/// file is removed, or whose last key is revoked, lets nobody in rather than everybody.
public final class ApiKeys {

  private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);

  /// How long a revoked key may still be taken. An unknown one has the file looked at in any case,
  /// so that a new key is taken at once.
  static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /// Longer ones are no keys, and are not hashed.
  private static final int LONGEST = 1000;

  private final Map<String, StoredKey> configured = new HashMap<>();
  private final Map<String, String> plain = new HashMap<>();
  private final KeyFile file;
  private final LongSupplier nanos;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Map<String, StoredKey> filed = Map.of();
  private volatile boolean required;
  private volatile long lookedAt;
  private KeyFile.Stamp stamp = KeyFile.Stamp.NO_FILE;

  /// @param nanos time that only grows
  /// @throws KeyFile.Unusable if there is a file that cannot be used
  public ApiKeys(KeySettings settings, KeyFile file, LongSupplier nanos) {
    for (String key : settings.apiKeys()) {
      if (StoredKey.isEntry(key)) {
        StoredKey stored = StoredKey.parse(key);
        configured.put(stored.salt(), stored);
      } else {
        PlainKey kept = PlainKey.of(key);
        plain.put(kept.hash(), kept.name());
      }
    }
    this.file = file;
    this.nanos = nanos;
    this.stamp = file.stamp();
    this.filed = bySalt(file.read());
    this.lookedAt = nanos.getAsLong();
    this.required = !settings.apiKeys().isEmpty() || file.exists();
  }

  /// Whether a request needs a key.
  public boolean required() {
    if (!required) {
      look(LOOK_EVERY);
    }
    return required;
  }

  /// The name of a key, if it is one. Costs two hashes at most, however many keys there are.
  public Optional<String> nameOf(String key) {
    if (key.isEmpty() || key.length() > LONGEST) {
      return Optional.empty();
    }
    look(LOOK_EVERY);
    Optional<String> name = known(key);
    return name.isEmpty() && look(Duration.ZERO) ? known(key) : name;
  }

  private Optional<String> known(String key) {
    String salt = StoredKey.saltOf(key);
    if (salt != null) {
      for (Map<String, StoredKey> keys : List.of(configured, filed)) {
        StoredKey stored = keys.get(salt);
        if (stored != null && stored.matches(key)) {
          return Optional.of(stored.name());
        }
      }
    }
    // Found by a hash whose salt nobody knows: what a comparison could tell by its time is of no
    // use.
    return plain.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(plain.get(PlainKey.hashOf(key)));
  }

  /// Reads the file again if it has changed. True if it has.
  private boolean look(Duration every) {
    if (nanos.getAsLong() - lookedAt < every.toNanos()) {
      return false;
    }
    looking.lock();
    try {
      lookedAt = nanos.getAsLong();
      KeyFile.Stamp now = file.stamp();
      if (now.equals(stamp)) {
        return false;
      }
      stamp = now;
      take(bySalt(file.read()));
      return true;
    } catch (KeyFile.Unusable mistake) {
      // Once for each change of the file. The keys that were good stay so until it can be read.
      required = true;
      log.error("{} The keys read before stay as they are.", mistake.getMessage());
      return false;
    } finally {
      looking.unlock();
    }
  }

  private void take(Map<String, StoredKey> keys) {
    without(keys, filed).forEach(name -> audit("acceptKey", name));
    without(filed, keys).forEach(name -> audit("endKey", name));
    log.info(
        "API keys were read again: {} from {}; added {}, removed {}.",
        keys.size(),
        file.path(),
        without(keys, filed),
        without(filed, keys));
    filed = keys;
    required = true;
  }

  private static void audit(String action, String name) {
    AuditLog.write(AuditEntry.own(Instant.now(), action, name, true));
  }

  private static TreeSet<String> without(
      Map<String, StoredKey> keys, Map<String, StoredKey> others) {
    var names = new TreeSet<String>();
    keys.forEach(
        (salt, key) -> {
          if (!others.containsKey(salt)) {
            names.add(key.name());
          }
        });
    return names;
  }

  private static Map<String, StoredKey> bySalt(List<KeyFile.Entry> entries) {
    Map<String, StoredKey> keys = new HashMap<>();
    entries.forEach(entry -> keys.put(entry.key().salt(), entry.key()));
    return keys;
  }
}
