package dev.ponder.start;

import java.util.List;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Settings are there that nobody reads.
final class UnknownSettings extends RuntimeException {

  UnknownSettings(List<String> complaints) {
    super(String.join("\n", complaints));
  }

  /// Says so without a stack trace.
  static final class Analyzer extends AbstractFailureAnalyzer<UnknownSettings> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, UnknownSettings cause) {
      return new FailureAnalysis(
          cause.getMessage(),
          "Correct the name, or remove the setting. docs/settings.md lists every setting.",
          cause);
    }
  }
}
