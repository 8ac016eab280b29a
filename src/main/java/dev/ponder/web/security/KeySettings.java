package dev.ponder.web.security;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Who may use the API, besides those whose keys are in the data folder ([KeyFile]).
///
/// @param apiKeys keys that are accepted as `Authorization: Bearer …` besides those of `./ponder
///     keys`: as they are, with at least 128 bits, or hashed (`name:sha256:salt:hash`, as `./ponder
///     keys list --json` shows it)
@ConfigurationProperties("ponder")
public record KeySettings(@DefaultValue List<String> apiKeys) {

  /// Some hundreds of names would be a list that belongs into the file.
  private static final int MOST = 1000;

  public KeySettings {
    apiKeys = apiKeys.stream().map(String::strip).toList();
    if (apiKeys.size() > MOST) {
      throw new IllegalArgumentException(
          "ponder.api-keys has %d keys and the limit is %d. Keep them in keys.json (./ponder keys create)."
              .formatted(apiKeys.size(), MOST));
    }
    if (apiKeys.contains("")) {
      throw new IllegalArgumentException("ponder.api-keys contains an empty key. Leave it out.");
    }
    apiKeys.forEach(KeySettings::check);
  }

  private static void check(String key) {
    try {
      if (StoredKey.isEntry(key)) {
        StoredKey.parse(key);
      } else {
        PlainKey.of(key);
      }
    } catch (IllegalArgumentException said) {
      throw new IllegalArgumentException(
          StoredKey.isEntry(key)
              ? "ponder.api-keys contains an entry with ':sha256:' that Ponder has not made. One looks like name:sha256:salt:hash; './ponder keys list --json' shows those of the data folder."
              : "ponder.api-keys contains a key " + said.getMessage());
    }
  }

  /// Without the keys.
  @Override
  public String toString() {
    return "KeySettings[%d keys]".formatted(apiKeys.size());
  }
}
