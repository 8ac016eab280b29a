package dev.ponder.cli;

import java.io.PrintStream;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/// Says why a service did not start as every other command says its failures: sentences on standard
/// error. Spring's own report of the same is switched off in `application.yaml`.
final class StartFailureReporter implements FailureAnalysisReporter {

  private final PrintStream err;

  StartFailureReporter() {
    this(System.err);
  }

  StartFailureReporter(PrintStream err) {
    this.err = err;
  }

  @Override
  public void report(FailureAnalysis analysis) {
    err.println("Ponder did not start. " + analysis.getDescription());
    String action = analysis.getAction();
    if (action != null && !action.isBlank()) {
      err.println(action);
    }
    err.println(Exit.NO_SERVICE.inWords());
    err.flush();
  }
}
