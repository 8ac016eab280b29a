package dev.ponder.stage;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Ends a start-up with the mistakes, a line each, instead of a stack trace.
final class PipelineMistakesAnalyzer extends AbstractFailureAnalyzer<PipelineMistakes> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, PipelineMistakes cause) {
    return new FailureAnalysis(
        cause.getMessage(),
        "Change these values and start again; docs/pipelines.md describes every key.",
        cause);
  }
}
