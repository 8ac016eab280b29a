package dev.ponder.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/// Answers for every exception that leaves a controller, or that Spring raises before it finds one.
@Component
class ProblemResolver implements HandlerExceptionResolver, Ordered {

  private final Problems problems;
  private final ProblemWriter writer;

  ProblemResolver(Problems problems, ProblemWriter writer) {
    this.problems = problems;
    this.writer = writer;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (failure instanceof AsyncRequestNotUsableException) {
      // The client is gone and nobody reads what would be written.
      return new ModelAndView();
    }
    // Static files match every path, so a POST to a path that is nowhere arrives as a wrong method.
    boolean nowhere =
        handler instanceof ResourceHttpRequestHandler
            && failure instanceof HttpRequestMethodNotSupportedException;
    Problem problem = nowhere ? Problems.unknownPath() : problems.of(failure);
    try {
      writer.write(problem, request, response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ModelAndView();
  }
}
