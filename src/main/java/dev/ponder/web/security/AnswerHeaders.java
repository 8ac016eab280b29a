package dev.ponder.web.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// What every answer tells a browser, whatever it is: a job, a problem, a file that is not there.
/// It is no page, belongs into no page and into no cache, and no other site may have it. Only the
/// page that shows the API may load its own scripts and ask the service.
public final class AnswerHeaders extends OncePerRequestFilter {

  private static final String PAGES = "/swagger-ui/";

  private static final String NOTHING =
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /// Swagger UI sets styles while it draws, and has its arrows as `data:` images.
  private static final String PAGE =
      NOTHING
          + "; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";

  private static final Map<String, String> ALWAYS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          // Ours get the whole address, so that a form of ours has an Origin; others get nothing.
          "Referrer-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin");

  /// For whatever answers before there is a filter: all but a page.
  public static final Map<String, String> OF_ANSWERS = with(NOTHING, true);

  private static final Map<String, String> OF_PAGES = with(PAGE, false);

  private static Map<String, String> with(String policy, boolean secret) {
    Map<String, String> headers = new LinkedHashMap<>(ALWAYS);
    headers.put("Content-Security-Policy", policy);
    if (secret) {
      headers.put(HttpHeaders.CACHE_CONTROL, "no-store");
    }
    return Collections.unmodifiableMap(headers);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    boolean page = request.getServletPath().startsWith(PAGES);
    var told = new ToldResponse(response, page ? OF_PAGES : OF_ANSWERS);
    told.tell();
    chain.doFilter(request, told);
  }

  /// The container may have begun the answer anew.
  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return false;
  }

  /// Keeps the headers when somebody begins the answer anew.
  private static final class ToldResponse extends HttpServletResponseWrapper {
    private final Map<String, String> headers;

    ToldResponse(HttpServletResponse response, Map<String, String> headers) {
      super(response);
      this.headers = headers;
    }

    void tell() {
      headers.forEach(this::setHeader);
    }

    @Override
    public void reset() {
      super.reset();
      tell();
    }
  }
}
