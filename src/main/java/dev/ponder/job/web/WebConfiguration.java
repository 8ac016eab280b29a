package dev.ponder.job.web;

import java.net.InetAddress;
import java.util.List;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// How HTTP is spoken by every controller of the service.
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new OneOfEach());
  }

  /// Asked before anything is made, so that a service which may not listen has not begun to.
  @Bean
  static BeanFactoryPostProcessor openOnlyToThisMachineWithoutKey(Environment environment) {
    return beans -> {
      SecondDoor.refuse(environment);
      Binder settings = Binder.get(environment);
      var address = settings.bind("server.address", InetAddress.class).orElse(null);
      boolean local = address != null && address.isLoopbackAddress();
      if (!local && settings.bindOrCreate("ponder", KeySettings.class).apiKeys().isEmpty()) {
        throw new OpenWithoutKey(
            address == null ? "every address (server.address is empty)" : address.getHostAddress());
      }
    };
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
      HttpSettings settings, KeySettings keys, ProblemWriter writer) {
    var filter =
        new FilterRegistrationBean<>(
            new OriginCheck(settings, () -> !keys.apiKeys().isEmpty(), writer));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 90);
    return filter;
  }

  @Bean
  FilterRegistrationBean<KeyCheck> keyCheck(KeySettings settings, ProblemWriter writer) {
    var filter = new FilterRegistrationBean<>(new KeyCheck(settings, writer));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 100);
    return filter;
  }

  @Bean
  FilterRegistrationBean<BodyLimit> bodyLimit(HttpSettings settings, ProblemWriter writer) {
    var filter = new FilterRegistrationBean<>(new BodyLimit(settings, writer));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 110);
    return filter;
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
