package dev.ponder.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses headers and query parameters that a request has twice where one is meant. Spring would
/// join them with a comma: two idempotency keys would be a third one.
final class OneOfEach implements HandlerInterceptor {

  /// Of no parameter of a method, but read all the same.
  private static final List<String> ALWAYS =
      List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.AUTHORIZATION);

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    ALWAYS.forEach(name -> header(request, name));
    if (handler instanceof HandlerMethod method) {
      for (MethodParameter parameter : method.getMethodParameters()) {
        check(request, parameter);
      }
    }
    return true;
  }

  private static void check(HttpServletRequest request, MethodParameter parameter) {
    if (Collection.class.isAssignableFrom(parameter.getParameterType())) {
      return;
    }
    RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
    // The one that is a list by itself, over as many lines as a client likes.
    if (header != null && !header.name().equals(HttpHeaders.IF_NONE_MATCH)) {
      header(request, header.name());
    }
    RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
    if (query != null) {
      query(request, named(query.name(), parameter));
    }
  }

  private static String named(String name, MethodParameter parameter) {
    String own = parameter.getParameter().getName();
    return name.isEmpty() ? own : name;
  }

  private static void header(HttpServletRequest request, String name) {
    int count = Collections.list(request.getHeaders(name)).size();
    if (count > 1) {
      throw refusal("The request has %d headers %s and one is meant.", count, name);
    }
  }

  private static void query(HttpServletRequest request, String name) {
    String @Nullable [] values = request.getParameterValues(name);
    if (values != null && values.length > 1) {
      throw refusal(
          "The request has %d query parameters %s and one is meant.", values.length, name);
    }
  }

  private static Refusal refusal(String sentence, int count, String name) {
    return new Refusal(
        Problem.of(ProblemType.INVALID_REQUEST, sentence.formatted(count, name))
            .field(name)
            .next("Send it once."));
  }
}
