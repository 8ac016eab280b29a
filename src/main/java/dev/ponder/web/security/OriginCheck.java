package dev.ponder.web.security;

import dev.ponder.web.HttpSettings;
import dev.ponder.web.Problem;
import dev.ponder.web.ProblemType;
import dev.ponder.web.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Keeps the pages of other sites out, which a browser on this machine may have open.
///
/// A page can let its own host name point at this machine (DNS rebinding) and is then of one origin
/// with the service, so without a key only names of this machine are answered. With a key a page
/// would have to know it. And a page can send a request whose answer it cannot read, so a request
/// that changes something has to come from the service's own pages, or from no page at all. What
/// forwards a request can say of it (`X-Forwarded-Host`) is not asked: anybody can say it.
public final class OriginCheck extends OncePerRequestFilter {

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final String SITE = "Sec-Fetch-Site";

  /// Of the service's own pages, and of a person who typed the address. `same-site` is not among
  /// them: a page of another port of this machine is the page of another program.
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private final List<Authority> further;
  private final BooleanSupplier keyed;
  private final ProblemWriter writer;

  /// @param keyed whether requests need a key
  public OriginCheck(HttpSettings settings, BooleanSupplier keyed, ProblemWriter writer) {
    this.further = settings.hosts().stream().map(Authority::of).flatMap(Optional::stream).toList();
    this.keyed = keyed;
    this.writer = writer;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Problem problem = problem(request);
    if (problem == null) {
      chain.doFilter(request, response);
    } else {
      writer.write(problem, request, response);
    }
  }

  private @Nullable Problem problem(HttpServletRequest request) {
    List<String> hosts = headers(request, HttpHeaders.HOST);
    if (!keyed.getAsBoolean()) {
      // The name of the server is that of the request line, if there is one, and else the header's.
      Optional<String> foreign =
          Stream.concat(hosts.stream(), Stream.of(request.getServerName()))
              .filter(host -> !isKnown(host))
              .findFirst();
      if (foreign.isPresent() || hosts.size() > 1) {
        return unknownHost(foreign.orElseGet(hosts::getLast));
      }
    }
    if (READING.contains(request.getMethod())) {
      return null;
    }
    List<String> sites = headers(request, SITE);
    if (!OWN_SITES.containsAll(sites)) {
      return crossSite(SITE, sites);
    }
    List<String> origins = headers(request, HttpHeaders.ORIGIN);
    return origins.isEmpty() || origins.size() == 1 && isOwn(origins.getFirst(), hosts)
        ? null
        : crossSite(HttpHeaders.ORIGIN, origins);
  }

  private static List<String> headers(HttpServletRequest request, String name) {
    return Collections.list(request.getHeaders(name));
  }

  private boolean isKnown(String host) {
    // A container gives the address out of its brackets, or leaves it in them.
    boolean bare = host.chars().filter(c -> c == ':').count() > 1 && !host.startsWith("[");
    return Authority.of(bare ? "[" + host + "]" : host)
        .filter(it -> it.isLoopback() || further.stream().anyMatch(f -> f.host().equals(it.host())))
        .isPresent();
  }

  /// Whether a page of this origin is one of ours. The scheme is not compared, because a proxy may
  /// have ended TLS.
  private boolean isOwn(String origin, List<String> hosts) {
    Stream<Authority> here = hosts.stream().map(Authority::of).flatMap(Optional::stream);
    return Authority.ofOrigin(origin)
        .filter(it -> Stream.concat(here, further.stream()).anyMatch(it::isOriginOf))
        .isPresent();
  }

  private static Problem unknownHost(String host) {
    return Problem.of(
            ProblemType.UNKNOWN_HOST,
            "The request is for the host '%s', and without an API key only names of this machine are answered."
                .formatted(host))
        .field(HttpHeaders.HOST)
        .found(host)
        .accepted(List.of("localhost", "127.0.0.1", "[::1]"))
        .next(
            "Ask under one of those names. A further name, such as that of your proxy, is set with ponder.http.hosts.");
  }

  private static Problem crossSite(String header, List<String> found) {
    String value = String.join(", ", found);
    return Problem.of(
            ProblemType.CROSS_SITE,
            "The request would change something, and it comes from a page of another site (%s: %s)."
                .formatted(header, value))
        .field(header)
        .found(value)
        .next(
            "Send it from a page of this service, or from no page. If a proxy of yours changes the Host, name the host of your pages in ponder.http.hosts.");
  }
}
