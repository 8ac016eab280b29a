package dev.ponder.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/// Where the container sends failures that no controller saw, such as those of a filter.
@Controller
class ErrorPage implements ErrorController {

  private final Problems problems;
  private final ProblemWriter writer;

  ErrorPage(Problems problems, ProblemWriter writer) {
    this.problems = problems;
    this.writer = writer;
  }

  @RequestMapping("${spring.web.error.path:${error.path:/error}}")
  void tell(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
    if (failure instanceof Throwable thrown) {
      writer.write(problems.of(thrown), request, response);
    } else if (status instanceof Integer code) {
      writer.write(problems.byStatus(null, HttpStatusCode.valueOf(code), null), request, response);
    } else {
      writer.write(Problems.unknownPath(), request, response);
    }
  }
}
