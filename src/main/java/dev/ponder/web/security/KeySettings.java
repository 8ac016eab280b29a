package dev.ponder.job.web;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Who may use the API.
///
/// @param apiKeys keys that are accepted as `Authorization: Bearer …`; with none the API is open,
///     which the service allows on loopback only
@ConfigurationProperties("ponder")
public record KeySettings(@DefaultValue List<String> apiKeys) {

  public KeySettings {
    if (apiKeys.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("ponder.api-keys contains an empty key. Leave it out.");
    }
    if (!apiKeys.stream().allMatch(key -> key.strip().chars().allMatch(c -> c >= ' ' && c < 127))) {
      throw new IllegalArgumentException(
          "ponder.api-keys contains a key with a line break, a control character or a letter beyond ASCII, which no request could name. A key is made of visible ASCII characters.");
    }
    apiKeys = apiKeys.stream().map(String::strip).toList();
  }

  /// Without the keys.
  @Override
  public String toString() {
    return "KeySettings[%d keys]".formatted(apiKeys.size());
  }
}
