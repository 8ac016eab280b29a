package dev.ponder.web.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// The service would listen to other machines while everybody may use it.
public final class OpenWithoutKey extends RuntimeException {

  OpenWithoutKey(String address) {
    super(
        "Ponder would listen on %s, which other machines can reach, and no API key is configured, so anybody could use it."
            .formatted(address));
  }

  /// Says so without a stack trace.
  static final class Analyzer extends AbstractFailureAnalyzer<OpenWithoutKey> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, OpenWithoutKey cause) {
      return new FailureAnalysis(
          cause.getMessage(),
          "Make a key with './ponder keys create NAME' (or set PONDER_APIKEYS in the environment), or set server.address (SERVER_ADDRESS) to 127.0.0.1.",
          cause);
    }
  }
}
