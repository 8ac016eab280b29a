package dev.ponder.engine.openai;

import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.text.ThinkTags;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// A model of an OpenAI-compatible server, and what is known of it beforehand.
///
/// @param name the name it has in Ponder
/// @param servedAs the name that the server knows it by
/// @param url of the server, with or without `/v1`
/// @param key that the server wants, if it does
/// @param continuation how it goes on with a text
/// @param sequences generations at the same time; null if nobody stated it
/// @param context tokens of prompt and answer together; null is what the server says
/// @param tags between which it thinks, where its server leaves them in the text
public record OpenAiModel(
    String name,
    String servedAs,
    URI url,
    @Nullable ApiKey key,
    Continuation continuation,
    @Nullable Integer sequences,
    @Nullable Integer context,
    ThinkTags tags) {

  /// A model that thinks between the usual tags.
  public OpenAiModel(
      String name,
      String servedAs,
      URI url,
      @Nullable ApiKey key,
      Continuation continuation,
      @Nullable Integer sequences,
      @Nullable Integer context) {
    this(name, servedAs, url, key, continuation, sequences, context, ThinkTags.USUAL);
  }
}
