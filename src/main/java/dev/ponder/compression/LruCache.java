package dev.ponder.compression;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A bounded memory: what was not asked for the longest time is forgotten first.
final class LruCache<K, V> {

  private final Map<K, V> values;

  /// @param most how much it holds; 0 remembers nothing
  LruCache(int most) {
    values =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        };
  }

  synchronized Optional<V> find(K key) {
    return Optional.ofNullable(values.get(key));
  }

  synchronized void keep(K key, V value) {
    values.put(key, value);
  }
}
