package dev.ponder.web.security;

import dev.ponder.audit.AuditEntry;
import dev.ponder.audit.AuditLog;
import dev.ponder.web.Problem;
import dev.ponder.web.ProblemType;
import dev.ponder.web.ProblemWriter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets only those in who know a key, once there is one. What is open without a key is listed here;
/// everything else is closed, so that a new path is never open by accident.
///
/// The name of the key is the request's principal, on open paths too. Wrong keys are counted, and
/// whoever sends many is told to wait; a good key is let in before that, so that nobody can keep
/// others out who share an address with him.
final class KeyCheck extends OncePerRequestFilter {

  private static final Logger log = LoggerFactory.getLogger(KeyCheck.class);

  private static final String SCHEME = "Bearer ";
  private static final List<String> OPEN =
      List.of("/actuator/health", "/v3/api-docs", "/swagger-ui", "/swagger-ui.html");

  private final ApiKeys keys;
  private final RefusedKeys refused;
  private final InstantSource time;
  private final ProblemWriter writer;
  private final Counter missing;
  private final Counter unknown;

  KeyCheck(
      ApiKeys keys,
      RefusedKeys refused,
      InstantSource time,
      ProblemWriter writer,
      MeterRegistry meters) {
    this.keys = keys;
    this.refused = refused;
    this.time = time;
    this.writer = writer;
    this.missing = counter("missing", meters);
    this.unknown = counter("unknown", meters);
  }

  private static Counter counter(String reason, MeterRegistry meters) {
    return Counter.builder("ponder.keys.refused")
        .description("Requests without an API key where one is needed, and with one that is none")
        .tag("reason", reason)
        .register(meters);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!keys.required()) {
      chain.doFilter(request, response);
      return;
    }
    Optional<String> name = key(request).flatMap(keys::nameOf);
    if (name.isPresent()) {
      chain.doFilter(new KeyedRequest(request, name.get()), response);
      return;
    }
    boolean open = open(request);
    if (request.getHeader(HttpHeaders.AUTHORIZATION) == null) {
      if (open) {
        chain.doFilter(request, response);
      } else {
        missing.increment();
        writer.write(withoutKey(), request, response);
      }
      return;
    }
    // On an open path too, which could else tell without limit whether a key is one.
    RefusedKeys.Verdict verdict = counted(request);
    if (open) {
      chain.doFilter(request, response);
    } else {
      writer.write(verdict.waitSeconds() == 0 ? unknownKey() : tooMany(verdict), request, response);
    }
  }

  /// By the path as it is mapped: decoded, and without what `..` or `;` could hide.
  private static boolean open(HttpServletRequest request) {
    String path = request.getServletPath();
    return OPEN.stream().anyMatch(open -> path.equals(open) || path.startsWith(open + "/"));
  }

  /// Of two, a proxy may have looked at the other one.
  private static Optional<String> key(HttpServletRequest request) {
    List<String> sent = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
    String authorization = sent.size() == 1 ? sent.getFirst() : "";
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? Optional.of(authorization.substring(SCHEME.length()).strip())
        : Optional.empty();
  }

  /// Nothing of what was sent gets into the log: it may be a key of something else.
  private RefusedKeys.Verdict counted(HttpServletRequest request) {
    unknown.increment();
    RefusedKeys.Verdict verdict = refused.count(request.getRemoteAddr());
    if (verdict.listed()) {
      int status =
          verdict.waitSeconds() == 0
              ? ProblemType.UNAUTHORIZED.status()
              : ProblemType.TOO_MANY_WRONG_KEYS.status();
      AuditLog.write(
          AuditEntry.asked(time.instant(), "useKey", null, request.getRemoteAddr(), null, status));
      log.warn(
          "An API key that is none came from {}, number {} in this minute{}{}",
          request.getRemoteAddr(),
          verdict.count(),
          verdict.waitSeconds() == 0
              ? "."
              : "; more of them get a 429 for %d s.".formatted(verdict.waitSeconds()),
          verdict.last() ? " This minute's others are only counted (ponder_keys_refused)." : "");
    }
    return verdict;
  }

  private static Problem withoutKey() {
    return next(Problem.of(ProblemType.UNAUTHORIZED, "The request has no API key."))
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"ponder\"");
  }

  private static Problem unknownKey() {
    return next(Problem.of(
            ProblemType.UNAUTHORIZED,
            "The request's Authorization is not 'Bearer' and a key that is known here."))
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"ponder\", error=\"invalid_token\"");
  }

  private static Problem tooMany(RefusedKeys.Verdict verdict) {
    return next(Problem.of(
            ProblemType.TOO_MANY_WRONG_KEYS,
            "More than %d API keys that are none came from this address in a minute. A key that is known here is accepted meanwhile."
                .formatted(RefusedKeys.PER_MINUTE)))
        .limit(RefusedKeys.PER_MINUTE)
        .header(HttpHeaders.RETRY_AFTER, Long.toString(verdict.waitSeconds()));
  }

  private static Problem next(Problem problem) {
    return problem.next(
        "Send the header 'Authorization: Bearer KEY' with a key that './ponder keys create' has made, or of ponder.api-keys.");
  }

  /// A request of somebody who has shown a key.
  private static final class KeyedRequest extends HttpServletRequestWrapper {
    private final Principal caller;

    KeyedRequest(HttpServletRequest request, String name) {
      super(request);
      this.caller = () -> name;
    }

    @Override
    public Principal getUserPrincipal() {
      return caller;
    }

    @Override
    public String getRemoteUser() {
      return caller.getName();
    }

    @Override
    public String getAuthType() {
      return SCHEME.strip();
    }
  }
}
