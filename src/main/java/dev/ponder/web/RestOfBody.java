package dev.ponder.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Takes in what still comes of a body when the request is answered already. A client that sends
/// all of a refused body before it looks for an answer gets that, and not a reset.
final class RestOfBody extends OncePerRequestFilter {

  /// Bytes that are taken in at most. Whoever sends more sees the connection end.
  private static final int MOST = 16 << 20;

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(request, response);
    if (!request.isAsyncStarted() && sendsABody(request)) {
      takeIn(request, response);
    }
  }

  /// Whoever asks first whether to send the body, and is refused, sends none.
  private static boolean sendsABody(HttpServletRequest request) {
    return (request.getContentLengthLong() > 0
            || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null)
        && request.getHeader(HttpHeaders.EXPECT) == null;
  }

  private static void takeIn(HttpServletRequest request, HttpServletResponse response) {
    try {
      ServletInputStream body = request.getInputStream();
      if (body.isFinished()) {
        return;
      }
      response.flushBuffer();
      byte[] some = new byte[8192];
      int read = 0;
      for (int taken = 0; read >= 0 && taken < MOST; taken += read) {
        read = body.read(some);
      }
    } catch (IOException | IllegalStateException gone) {
      // The client does not send it, or sends it too slowly; the answer is what matters.
    }
  }
}
