package dev.ponder.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
    if (resolved != null && raw.isRecord()) {
      Schema<?> model = model(resolved, context);
      if (model != null && !Boolean.FALSE.equals(model.getAdditionalProperties())) {
        makeExact(raw, model);
      }
    }
    return resolved;
  }

  /// The model that a schema refers to, or the schema itself where it was asked for in full.
  private static @Nullable Schema<?> model(Schema<?> schema, ModelConverterContext context) {
    String reference = schema.get$ref();
    return reference == null
        ? schema
        : context.getDefinedModels().get(reference.substring(reference.lastIndexOf('/') + 1));
  }

  private static void makeExact(Class<?> type, Schema<?> model) {
    var declared = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    List<String> asked = declared == null ? List.of() : List.of(declared.requiredProperties());
    model.setAdditionalProperties(false);
    model.setRequired(
        asked.isEmpty() ? components(type).map(RecordComponent::getName).toList() : asked);
    @SuppressWarnings("rawtypes") // as the library declares it
    Map<String, Schema> properties = model.getProperties();
    if (properties == null) {
      return;
    }
    components(type)
        .filter(component -> component.getAnnotatedType().isAnnotationPresent(Nullable.class))
        .filter(component -> !asked.contains(component.getName()))
        .forEach(
            component ->
                properties.computeIfPresent(component.getName(), (name, schema) -> orNull(schema)));
  }

  /// Those of a record, and those of the records whose fields stand among its own.
  private static Stream<RecordComponent> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(
            component ->
                component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                    ? components(component.getType())
                    : Stream.of(component));
  }

  /// Does nothing to one that may be null: fields of a record that stand among another's come
  /// twice.
  private static Schema<?> orNull(Schema<?> schema) {
    if (schema.getAnyOf() != null) {
      return schema;
    }
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
    if (schema.getEnum() != null && schema.getEnum().stream().allMatch(Objects::nonNull)) {
      // A list that annotations gave cannot grow.
      List<Object> values = new ArrayList<>(schema.getEnum());
      values.add(null);
      replaceEnum(schema, values);
    }
    return schema;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the library knows no schema of several types
  private static void replaceEnum(Schema<?> schema, List<Object> values) {
    ((Schema) schema).setEnum(values);
  }

  private static LinkedHashSet<String> only(String type) {
    return new LinkedHashSet<>(List.of(type));
  }
}
