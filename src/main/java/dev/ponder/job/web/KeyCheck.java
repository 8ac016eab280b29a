package dev.ponder.job.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets only those in who know a key, once there is one. What is open without a key is listed here;
/// everything else is closed, so that a new path is never open by accident. Who has shown a key is
/// the request's principal, by which health tells whom its details are for.
final class KeyCheck extends OncePerRequestFilter {

  private static final String SCHEME = "Bearer ";
  private static final List<String> OPEN =
      List.of("/actuator/health", "/v3/api-docs", "/swagger-ui", "/swagger-ui.html");

  private final List<byte[]> keys;
  private final ProblemWriter writer;

  KeyCheck(KeySettings settings, ProblemWriter writer) {
    this.keys = settings.apiKeys().stream().map(KeyCheck::bytes).toList();
    this.writer = writer;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    boolean known = known(request);
    if (keys.isEmpty() || open(request) || known) {
      chain.doFilter(known ? new KnownRequest(request) : request, response);
      return;
    }
    boolean missing = request.getHeader(HttpHeaders.AUTHORIZATION) == null;
    writer.write(
        Problem.of(
                ProblemType.UNAUTHORIZED,
                missing
                    ? "The request has no API key."
                    : "The request's Authorization is not 'Bearer' and a key that is known here.")
            .next("Send the header 'Authorization: Bearer KEY' with a key of ponder.api-keys.")
            .header(
                HttpHeaders.WWW_AUTHENTICATE,
                missing
                    ? "Bearer realm=\"ponder\""
                    : "Bearer realm=\"ponder\", error=\"invalid_token\""),
        request,
        response);
  }

  /// By the path as it is mapped: decoded, and without what `..` or `;` could hide.
  private static boolean open(HttpServletRequest request) {
    String path = request.getServletPath();
    return OPEN.stream().anyMatch(open -> path.equals(open) || path.startsWith(open + "/"));
  }

  /// Of two, a proxy may have looked at the other one.
  private boolean known(HttpServletRequest request) {
    List<String> sent = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
    String authorization = sent.size() == 1 ? sent.getFirst() : null;
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] given = bytes(authorization.substring(SCHEME.length()).strip());
    boolean known = false;
    // Every key is compared, and each in constant time, so that the time tells nothing of a key.
    for (byte[] key : keys) {
      known |= MessageDigest.isEqual(key, given);
    }
    return known;
  }

  /// The request of somebody who has shown a key.
  private static final class KnownRequest extends HttpServletRequestWrapper {
    KnownRequest(HttpServletRequest request) {
      super(request);
    }

    @Override
    public Principal getUserPrincipal() {
      return () -> "API key";
    }
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
