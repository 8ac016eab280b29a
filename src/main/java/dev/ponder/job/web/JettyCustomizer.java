package dev.ponder.job.web;

import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.webapp.AbstractConfiguration;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import tools.jackson.databind.json.JsonMapper;

/// What Jetty does otherwise than it would by itself.
final class JettyCustomizer implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

  /// `/v1/jobs//answer` is a path that is nowhere. All else that two readers could read differently
  /// is refused before anybody does.
  private static final UriCompliance PATHS =
      UriCompliance.DEFAULT.with("PONDER", UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT);

  private final JettyProblems problems;

  JettyCustomizer(JsonMapper json) {
    this.problems = new JettyProblems(json);
  }

  @Override
  public void customize(JettyServletWebServerFactory factory) {
    factory.addConfigurations(new ErrorPages());
    factory.addServerCustomizers(this::customize);
  }

  private void customize(Server server) {
    server.setErrorHandler(problems.ofServer());
    for (Connector connector : server.getConnectors()) {
      connector
          .getConnectionFactories()
          .forEach(
              factory -> {
                if (factory instanceof HttpConfiguration.ConnectionFactory http) {
                  http.getHttpConfiguration().setUriCompliance(PATHS);
                }
              });
    }
  }

  /// Comes after the factory's own, and takes over what that has set.
  private final class ErrorPages extends AbstractConfiguration {
    ErrorPages() {
      super(new AbstractConfiguration.Builder());
    }

    @Override
    public void configure(WebAppContext application) {
      application.getServletHandler().setDecodeAmbiguousURIs(true);
      if (application.getErrorHandler() instanceof ErrorPageErrorHandler pages) {
        application.setErrorHandler(problems.ofApplication(pages));
      }
    }
  }
}
