package dev.ponder.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses a body over the limit: by its announced length before a byte is read, or while it is
/// read when it comes in chunks.
final class BodyLimit extends OncePerRequestFilter {

  private final long limit;
  private final ProblemWriter writer;

  BodyLimit(HttpSettings settings, ProblemWriter writer) {
    this.limit = settings.bodyMax().toBytes();
    this.writer = writer;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > limit) {
      writer.write(new BodyTooLarge(limit).problem(), request, response);
      return;
    }
    chain.doFilter(new LimitedRequest(request, limit), response);
  }

  /// Thrown out of the stream, so it is an [IOException] and arrives as the cause of another one.
  static final class BodyTooLarge extends IOException {
    private final long limit;

    BodyTooLarge(long limit) {
      super("The body is larger than %d bytes (ponder.http.body-max).".formatted(limit));
      this.limit = limit;
    }

    Problem problem() {
      return Problem.of(ProblemType.BODY_TOO_LARGE, getMessage())
          .limit(limit)
          .next("Send a smaller body.");
    }
  }

  private static final class LimitedRequest extends HttpServletRequestWrapper {
    private final long limit;

    LimitedRequest(HttpServletRequest request, long limit) {
      super(request);
      this.limit = limit;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new LimitedStream(super.getInputStream(), limit);
    }
  }

  private static final class LimitedStream extends ServletInputStream {
    private final ServletInputStream body;
    private final long limit;
    private long read;

    LimitedStream(ServletInputStream body, long limit) {
      this.body = body;
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      int one = body.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int some = body.read(bytes, offset, length);
      count(Math.max(some, 0));
      return some;
    }

    private void count(int bytes) throws IOException {
      read += bytes;
      if (read > limit) {
        throw new BodyTooLarge(limit);
      }
    }

    @Override
    public boolean isFinished() {
      return body.isFinished();
    }

    @Override
    public boolean isReady() {
      return body.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      body.setReadListener(listener);
    }
  }
}
