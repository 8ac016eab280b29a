package dev.ponder.start;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/// Refuses times and sizes below zero in every setting of ours: none of them means anything.
@Component
final class NegativeSettings implements ConfigurationPropertiesBindHandlerAdvisor {

  private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("ponder");

  @Override
  public BindHandler apply(BindHandler handler) {
    return new AbstractBindHandler(handler) {
      @Override
      public Object onSuccess(
          ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
        boolean negative =
            (result instanceof Duration time && time.isNegative())
                || (result instanceof DataSize size && size.isNegative());
        if (negative && OURS.isAncestorOf(name)) {
          throw new IllegalArgumentException(
              "is '%s' and cannot be below zero".formatted(shown(context, result)));
        }
        return super.onSuccess(name, target, context, result);
      }
    };
  }

  private static Object shown(BindContext context, Object result) {
    var property = context.getConfigurationProperty();
    return property == null ? result : property.getValue();
  }
}
