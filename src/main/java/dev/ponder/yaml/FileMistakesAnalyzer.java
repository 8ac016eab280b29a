package dev.ponder.yaml;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Ends a start-up with the mistakes, a line each, instead of a stack trace.
final class FileMistakesAnalyzer extends AbstractFailureAnalyzer<FileMistakes> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, FileMistakes cause) {
    return new FailureAnalysis(
        cause.getMessage(),
        "Change these values and start again; docs/pipelines.md and docs/model-profiles.md describe every key.",
        cause);
  }
}
