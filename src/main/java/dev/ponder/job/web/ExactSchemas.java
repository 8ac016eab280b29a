package dev.ponder.job.web;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Describes records exactly: no field beyond the declared ones, null only where the code says
/// `@Nullable`, and every field there. A record that names `requiredProperties` is a request: it
/// may leave the others out.
@Component
class ExactSchemas implements ModelConverter {

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    if (!chain.hasNext()) {
      return null;
    }
    Schema<?> resolved = chain.next().resolve(type, context, chain);
    Class<?> raw = Json31.mapper().constructType(type.getType()).getRawClass();
    if (resolved != null && resolved.get$ref() != null && raw.isRecord()) {
      String name = resolved.get$ref().substring(resolved.get$ref().lastIndexOf('/') + 1);
      Schema<?> model = context.getDefinedModels().get(name);
      if (model != null && !Boolean.FALSE.equals(model.getAdditionalProperties())) {
        makeExact(raw, model);
      }
    }
    return resolved;
  }

  private static void makeExact(Class<?> type, Schema<?> model) {
    var declared = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    List<String> asked = declared == null ? List.of() : List.of(declared.requiredProperties());
    model.setAdditionalProperties(false);
    model.setRequired(
        asked.isEmpty()
            ? Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList()
            : asked);
    @SuppressWarnings("rawtypes") // as the library declares it
    Map<String, Schema> properties = model.getProperties();
    for (RecordComponent component : type.getRecordComponents()) {
      boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (nullable && !asked.contains(component.getName())) {
        properties.computeIfPresent(component.getName(), (name, schema) -> orNull(schema));
      }
    }
  }

  private static Schema<?> orNull(Schema<?> schema) {
    if (schema.get$ref() != null) {
      return new Schema<>().anyOf(List.of(schema, new Schema<>().types(only("null"))));
    }
    var types = new LinkedHashSet<String>();
    if (schema.getTypes() != null) {
      types.addAll(schema.getTypes());
    } else if (schema.getType() != null) {
      types.add(schema.getType());
    }
    types.add("null");
    schema.setTypes(types);
    if (schema.getEnum() != null) {
      schema.addEnumItemObject(null);
    }
    return schema;
  }

  private static LinkedHashSet<String> only(String type) {
    return new LinkedHashSet<>(List.of(type));
  }
}
