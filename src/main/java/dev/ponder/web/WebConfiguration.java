package dev.ponder.web;

import dev.ponder.json.SeparateNames;
import dev.ponder.web.security.AnswerHeaders;
import dev.ponder.web.security.ApiKeys;
import dev.ponder.web.security.OriginCheck;
import java.util.List;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// How HTTP is spoken by every controller of the service.
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

  /// Names, values and brackets of a body at most: eight for each of a thousand names.
  private static final long MOST_TOKENS = 8_000;

  /// Objects and arrays within each other. A submission has two.
  private static final int DEEPEST = 20;

  /// Digits of a number. A seed has 20.
  private static final int LONGEST_NUMBER = 100;

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new OneOfEach());
  }

  /// Before all others, since each of them may refuse a request whose body still comes.
  @Bean
  FilterRegistrationBean<RestOfBody> restOfBody() {
    var filter = new FilterRegistrationBean<>(new RestOfBody());
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
    return filter;
  }

  @Bean
  FilterRegistrationBean<AnswerHeaders> answerHeaders() {
    var filter = new FilterRegistrationBean<>(new AnswerHeaders());
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 80);
    return filter;
  }

  @Bean
  FilterRegistrationBean<OriginCheck> originCheck(
      HttpSettings settings, ApiKeys keys, ProblemWriter writer) {
    var filter = new FilterRegistrationBean<>(new OriginCheck(settings, keys::required, writer));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 90);
    return filter;
  }

  @Bean
  FilterRegistrationBean<BodyLimit> bodyLimit(HttpSettings settings, ProblemWriter writer) {
    var filter = new FilterRegistrationBean<>(new BodyLimit(settings, writer));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 110);
    return filter;
  }

  /// What holds while a request is read: a body of many small things is refused before it becomes
  /// as many objects.
  @Bean
  JsonFactory limitedJson(HttpSettings settings) {
    int longest = (int) Math.min(Integer.MAX_VALUE, settings.bodyMax().toBytes());
    return new SeparateNames(
        StreamReadConstraints.builder()
            .maxTokenCount(MOST_TOKENS)
            .maxNestingDepth(DEEPEST)
            .maxNumberLength(LONGEST_NUMBER)
            .maxNameLength(longest)
            .maxStringLength(longest)
            .build());
  }

  /// Requests are read strictly. The mapper of the rest of the service stays as it is: it reads
  /// what engines send, and they may add fields.
  @Bean
  ServerHttpMessageConvertersCustomizer strictRequests(JsonMapper json) {
    JsonMapper strict = strict(json);
    return converters -> converters.withJsonConverter(new JacksonJsonHttpMessageConverter(strict));
  }

  private static JsonMapper strict(JsonMapper json) {
    return json.rebuild()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            text ->
                List.of(
                        CoercionInputShape.Integer,
                        CoercionInputShape.Float,
                        CoercionInputShape.Boolean)
                    .forEach(shape -> text.setCoercion(shape, CoercionAction.Fail)))
        .build();
  }

  @Bean
  JettyCustomizer jetty(JsonMapper json, HttpSettings settings) {
    return new JettyCustomizer(json, settings.connections());
  }
}
