package dev.ponder.web;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.webapp.AbstractConfiguration;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BlockingArrayQueue;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import tools.jackson.databind.json.JsonMapper;

/// What Jetty does otherwise than it would by itself.
final class JettyCustomizer implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

  /// `/v1/jobs//answer` is a path that is nowhere. All else that two readers could read differently
  /// is refused before anybody does.
  private static final UriCompliance PATHS =
      UriCompliance.DEFAULT.with("PONDER", UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT);

  /// The system's own limit is often 4096. A burst of followers is no reason to lose some.
  private static final int WAITING_TO_BE_ACCEPTED = 1024;

  /// Requests that are worked on at the same time, besides those that wait for their client: as
  /// many as sixteen connections to the database can serve within a second or two.
  private static final int WORKED_ON = 256;

  private static final int LEAST_THREADS = 8;

  private static final int QUEUE = 256;

  private static final int IDLE_THREAD_MS = 60_000;

  private final JettyProblems problems;

  private final ConnectionLimits limits;

  JettyCustomizer(JsonMapper json, ConnectionLimits limits) {
    this.problems = new JettyProblems(json);
    this.limits = limits.within(openFiles());
  }

  @Override
  public void customize(JettyServletWebServerFactory factory) {
    factory.addConfigurations(new ErrorPages());
    factory.setThreadPool(threads());
    factory.addServerCustomizers(this::customize);
  }

  /// Threads of the platform, which share the processors fairly: among virtual ones a few clients
  /// that keep the carriers busy let nobody else come to a turn for seconds.
  private QueuedThreadPool threads() {
    int most = QUEUE + 2 * limits.connections();
    var waiting = new BlockingArrayQueue<Runnable>(QUEUE, QUEUE, most);
    var threads =
        new QueuedThreadPool(
            limits.unfinished() + WORKED_ON, LEAST_THREADS, IDLE_THREAD_MS, waiting);
    threads.setName("http");
    return threads;
  }

  private void customize(Server server) {
    server.setErrorHandler(problems.ofServer());
    var guard = new ConnectionGuard(limits, System::nanoTime);
    server.addBean(guard);
    for (Connector connector : server.getConnectors()) {
      if (connector instanceof ServerConnector network) {
        network.addBean(guard, false);
        // The guard has the say in how long a connection may be idle. Jetty's own timer would also
        // end the answer of a request that is worked on for long.
        network.setIdleTimeout(0);
        network.setAcceptQueueSize(WAITING_TO_BE_ACCEPTED);
      }
      connector
          .getConnectionFactories()
          .forEach(
              factory -> {
                if (factory instanceof HttpConfiguration.ConnectionFactory http) {
                  http.getHttpConfiguration().setUriCompliance(PATHS);
                  http.getHttpConfiguration().addCustomizer(JettyCustomizer::withoutLanguage);
                }
              });
    }
  }

  /// Nothing here is said in more than one language, and Jetty refuses a header that it cannot read
  /// wherever somebody asks for it, the error page included.
  private static Request withoutLanguage(Request request, HttpFields.Mutable response) {
    if (!request.getHeaders().contains(HttpHeader.ACCEPT_LANGUAGE)) {
      return request;
    }
    HttpFields rest =
        HttpFields.build(request.getHeaders()).remove(HttpHeader.ACCEPT_LANGUAGE).asImmutable();
    return new Request.Wrapper(request) {
      @Override
      public HttpFields getHeaders() {
        return rest;
      }
    };
  }

  /// How many files and connections the process may have open; none where the system does not say.
  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : -1;
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
