package dev.ponder.job.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/// Tomcat's last word on a request so broken that it belongs to no application: a problem as well,
/// instead of an HTML page. Tomcat makes it by its class name, so it takes nothing.
public final class ProblemValve extends ErrorReportValve {

  private static final JsonMapper JSON = JsonMapper.shared();

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    Problem problem =
        status >= 500
            ? Problem.of(ProblemType.INTERNAL_ERROR, "The service cannot do what the request asks.")
                .status(status)
            : Problem.of(
                    ProblemType.REFUSED,
                    "The request is not well-formed HTTP, or asks for what no path allows.")
                .status(status)
                .next("Encode special characters of the path and the query with %XX.");
    try {
      AnswerHeaders.OF_ANSWERS.forEach(response::setHeader);
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      byte[] body = JSON.writeValueAsString(problem.body(null)).getBytes(StandardCharsets.UTF_8);
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
      response.finishResponse();
    } catch (IOException | IllegalStateException gone) {
      container.getLogger().debug("A client left before its problem was told", gone);
    }
  }
}
