package dev.ponder.web;

import dev.ponder.web.security.AnswerHeaders;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/// Jetty's last word on a request so broken that it belongs to no application: a problem as well,
/// instead of an HTML page with a stack trace.
final class JettyProblems {

  private final JsonMapper json;

  JettyProblems(JsonMapper json) {
    this.json = json;
  }

  /// For what fails before a request has come to the application.
  Request.Handler ofServer() {
    return new OfServer();
  }

  /// For what fails within the application: its own error page as long as that can be reached.
  ErrorPageErrorHandler ofApplication(ErrorPageErrorHandler pages) {
    var handler = new OfApplication();
    handler.setErrorPages(pages.getErrorPages());
    return handler;
  }

  private byte[] body(int status) {
    return json.writeValueAsBytes(problem(status).body(null));
  }

  private static Problem problem(int status) {
    if (status >= 500) {
      return Problem.of(ProblemType.INTERNAL_ERROR, "The service cannot do what the request asks.")
          .status(status);
    }
    return switch (status) {
      case 414, 431 ->
          Problem.of(
                  ProblemType.REFUSED,
                  "The request line or the headers are longer than the service reads.")
              .status(status)
              .next("Send a shorter path and query, and fewer or shorter headers.");
      default ->
          Problem.of(
                  ProblemType.REFUSED,
                  "The request is not well-formed HTTP, or asks for what no path allows.")
              .status(status)
              .next("Encode special characters of the path and the query with %XX.");
    };
  }

  private final class OfServer extends ErrorHandler {

    @Override
    public boolean errorPageForMethod(String method) {
      return true;
    }

    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int code,
        String message,
        @Nullable Throwable cause,
        Callback callback) {
      byte[] body = body(code);
      response.setStatus(code);
      AnswerHeaders.OF_ANSWERS.forEach(response.getHeaders()::put);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
      response.write(true, ByteBuffer.wrap(body), callback);
    }
  }

  private final class OfApplication extends ErrorPageErrorHandler {

    @Override
    public boolean errorPageForMethod(String method) {
      return true;
    }

    /// Also where its own page fails, for instance by the same header again.
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      try {
        return super.handle(request, response, callback);
      } catch (RuntimeException failed) {
        if (response.isCommitted()) {
          throw failed;
        }
        int status = failed instanceof HttpException refused ? refused.getCode() : 500;
        generateResponse(request, response, status, "", failed, callback);
        callback.succeeded();
        return true;
      }
    }

    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int code,
        String message,
        @Nullable Throwable cause,
        Callback callback)
        throws IOException {
      // Through the servlet's response: the channel of the servlet completes it, and the callback.
      HttpServletResponse servlet =
          Request.asInContext(request, ServletContextRequest.class).getHttpServletResponse();
      byte[] body = body(code);
      servlet.resetBuffer();
      servlet.setStatus(code);
      AnswerHeaders.OF_ANSWERS.forEach(servlet::setHeader);
      servlet.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      servlet.setContentLength(body.length);
      servlet.getOutputStream().write(body);
    }
  }
}
