package dev.ponder.engine.openai;

import dev.ponder.engine.http.ServerJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A model as a server lists it under `/v1/models`.
///
/// @param context tokens that one sequence holds; null if the server does not say
public record ReportedModel(String id, @Nullable Integer context) {

  /// Where servers put it: vLLM and SGLang, OpenRouter, LM Studio.
  private static final List<String> CONTEXT =
      List.of("max_model_len", "context_length", "max_context_length", "context_window");

  /// Kinds that write no text, where a server tells them apart.
  private static final Set<String> OTHERS = Set.of("embedding", "embeddings", "rerank");

  /// @throws JacksonException if it is no such list
  static List<ReportedModel> read(byte[] body) {
    List<ReportedModel> models = new ArrayList<>();
    for (JsonNode model : ServerJson.MAPPER.readTree(body).path("data").values()) {
      String id = model.path("id").asString("");
      if (!id.isBlank() && !OTHERS.contains(model.path("type").asString(""))) {
        models.add(new ReportedModel(id, contextIn(model)));
      }
    }
    return models;
  }

  private static @Nullable Integer contextIn(JsonNode model) {
    for (String name : CONTEXT) {
      if (model.path(name).isInt()) {
        return model.path(name).intValue();
      }
    }
    // llama-server: what one of its slots holds.
    JsonNode slot = model.path("meta").path("n_ctx");
    return slot.isInt() ? (Integer) slot.intValue() : null;
  }
}
