package dev.ponder.start;

import dev.ponder.text.Visible;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/// Says why a service did not start as every other command says its failures: sentences on standard
/// error and an exit code, whatever the failure. A stack trace is there for those who ask for it.
/// Stands in front of Spring's own reporter, which leaves failures that nobody knows to the log.
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailureReporter implements SpringBootExceptionReporter {

  private static final Logger LOG = LoggerFactory.getLogger(StartFailureReporter.class);
  private static final String TRACE = "PONDER_TRACE";
  private static final int DEEPEST = 50;

  /// The command line ends every failure with its exit code.
  private static final String EXIT = "(exit 3: service not reachable, or it did not start)";

  private final Secrets secrets;
  private final boolean trace;
  private final List<FailureAnalyzer> analyzers;

  /// @param context null if the failure is older
  StartFailureReporter(@Nullable ConfigurableApplicationContext context) {
    this.secrets = new Secrets(System.getenv(), context == null ? null : context.getEnvironment());
    this.trace = System.getenv(TRACE) != null;
    this.analyzers = analyzers(context);
  }

  private static List<FailureAnalyzer> analyzers(@Nullable ConfigurableApplicationContext context) {
    ArgumentResolver arguments =
        context == null
            ? ArgumentResolver.none()
            : ArgumentResolver.of(BeanFactory.class, context.getBeanFactory())
                .and(Environment.class, context.getEnvironment());
    return SpringFactoriesLoader.forDefaultResourceLocation(
            StartFailureReporter.class.getClassLoader())
        .load(
            FailureAnalyzer.class,
            arguments,
            FailureHandler.handleMessage((message, failure) -> LOG.debug("{}", message.get())));
  }

  @Override
  public boolean reportException(Throwable failure) {
    PrintStream err = System.err;
    report(analysis(failure), err);
    if (trace) {
      StringWriter lines = new StringWriter();
      failure.printStackTrace(new PrintWriter(lines));
      err.print(Visible.text(secrets.hiddenIn(lines.toString())));
      err.flush();
    }
    return true;
  }

  private FailureAnalysis analysis(Throwable failure) {
    for (FailureAnalyzer analyzer : analyzers) {
      try {
        FailureAnalysis analysis = analyzer.analyze(failure);
        if (analysis != null) {
          return analysis;
        }
      } catch (RuntimeException notThisOne) {
        LOG.debug("{} failed", analyzer, notThisOne);
      }
    }
    return unexpected(failure);
  }

  /// What nobody has words for: what happened outside, and the innermost reason.
  static FailureAnalysis unexpected(Throwable failure) {
    Throwable root = failure;
    for (int depth = 0; root.getCause() != null && depth < DEEPEST; depth++) {
      root = root.getCause();
    }
    String said = root.getMessage() == null ? "" : ": " + root.getMessage().strip();
    return new FailureAnalysis(
        "Something went wrong that Ponder did not expect: "
            + root.getClass().getSimpleName()
            + (said.endsWith(".") ? said : said + "."),
        "Set " + TRACE + "=1 to see where.",
        failure);
  }

  void report(FailureAnalysis analysis, PrintStream err) {
    err.println(
        Visible.text(secrets.hiddenIn("Ponder did not start. " + analysis.getDescription())));
    String action = analysis.getAction();
    if (action != null && !action.isBlank()) {
      err.println(Visible.text(secrets.hiddenIn(action)));
    }
    err.println(EXIT);
    err.flush();
  }
}
