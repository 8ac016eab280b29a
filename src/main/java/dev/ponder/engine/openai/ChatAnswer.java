package dev.ponder.engine.openai;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the library made of the last event. It is told while the event is handed to it, by the
/// thread that hands it over.
final class ChatAnswer implements StreamingChatResponseHandler {

  private String thinking = "";
  private String content = "";
  private @Nullable ServerError error;
  private @Nullable Throwable failure;
  private @Nullable ChatResponse whole;

  void forget() {
    thinking = "";
    content = "";
  }

  @Override
  public void onPartialThinking(PartialThinking partial) {
    thinking += partial.text();
  }

  @Override
  public void onPartialResponse(String partial) {
    content += partial;
  }

  /// An event that the library has no use for: an error, or a thought in one of two fields of
  /// which the other one is null.
  @Override
  public void onUnmappedRawEvent(Object event) {
    if (event instanceof ServerSentEvent raw && raw.data() != null) {
      String data = raw.data();
      if (data.contains("\"error\"") || data.contains("\"reasoning")) {
        read(data);
      }
    }
  }

  private void read(String data) {
    try {
      JsonNode event = JsonMapper.shared().readTree(data);
      error = ServerError.in(event);
      JsonNode delta = event.path("choices").path(0).path("delta");
      String one = delta.path("reasoning").asString("");
      thinking = one.isEmpty() ? delta.path("reasoning_content").asString("") : one;
    } catch (JacksonException e) {
      failure = e;
    }
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    whole = response;
  }

  @Override
  public void onError(Throwable problem) {
    failure = problem;
  }

  String thinking() {
    return thinking;
  }

  String content() {
    return content;
  }

  @Nullable ServerError error() {
    return error;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  @Nullable ChatResponse whole() {
    return whole;
  }
}
