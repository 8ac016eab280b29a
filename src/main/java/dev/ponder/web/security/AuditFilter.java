package dev.ponder.web.security;

import dev.ponder.audit.AuditEntry;
import dev.ponder.audit.AuditLog;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/// Writes a line into the audit log for every request that could change something, whichever
/// operation it is for: once it is answered, so that the line says what became of it. Operations
/// that only read are safe methods, and are left out.
final class AuditFilter extends OncePerRequestFilter {

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
  private static final Pattern ID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
  private static final int OURS = 500;

  private final InstantSource time;

  AuditFilter(InstantSource time) {
    this.time = time;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return READING.contains(request.getMethod());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    boolean answered = false;
    try {
      chain.doFilter(request, response);
      answered = true;
    } finally {
      if (answered && request.isAsyncStarted()) {
        request.getAsyncContext().addListener(new AtTheEnd(request, response));
      } else {
        write(request, response, answered ? response.getStatus() : OURS);
      }
    }
  }

  private void write(HttpServletRequest request, HttpServletResponse response, int status) {
    // What no operation took up can have changed nothing, and its path may be anything.
    if (request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE)
        instanceof HandlerMethod operation) {
      AuditLog.write(
          AuditEntry.asked(
              time.instant(),
              action(request, operation),
              request.getRemoteUser(),
              request.getRemoteAddr(),
              job(request, response),
              status));
    }
  }

  private static String action(HttpServletRequest request, HandlerMethod operation) {
    Operation described = operation.getMethodAnnotation(Operation.class);
    return described != null && !described.operationId().isEmpty()
        ? described.operationId()
        : request.getMethod()
            + " "
            + request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
  }

  /// The job in the path, or the one that was made. What is no id is not written.
  private static @Nullable String job(HttpServletRequest request, HttpServletResponse response) {
    Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    Object named = variables instanceof Map<?, ?> names ? names.get("id") : null;
    String place = response.getHeader(HttpHeaders.LOCATION);
    String made = place == null ? "" : place.substring(place.lastIndexOf('/') + 1);
    String id = named == null ? made : named.toString();
    return ID.matcher(id).matches() ? id : null;
  }

  /// For an answer that goes on after its request has returned.
  private final class AtTheEnd implements AsyncListener {
    private final HttpServletRequest request;
    private final HttpServletResponse response;

    AtTheEnd(HttpServletRequest request, HttpServletResponse response) {
      this.request = request;
      this.response = response;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      write(request, response, event.getThrowable() == null ? response.getStatus() : OURS);
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
