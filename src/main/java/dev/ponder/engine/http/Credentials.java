package dev.ponder.engine.http;

import dev.ponder.engine.EngineException;
import java.net.URI;
import java.net.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/// What a server of a model is told about who asks, and whether it took it.
public final class Credentials {

  private final String model;
  private final URI server;
  private final @Nullable ApiKey key;
  private final String variable;
  private volatile EngineException.@Nullable Unusable refusal;

  /// @param key is sent with each request, if there is one
  /// @param variable of the environment that holds the key of such servers
  public Credentials(String model, URI server, @Nullable ApiKey key, String variable) {
    this.model = model;
    this.server = server;
    this.key = key != null && key.present() ? key : null;
    this.variable = variable;
  }

  /// In place of what anybody else wrote there.
  public HttpRequest.Builder authorize(HttpRequest.Builder request) {
    return key == null ? request : request.setHeader("Authorization", key.authorization());
  }

  /// The server did not take it. That is remembered until it does: a server may say that it is
  /// well, and even which models it has, to whoever asks.
  ///
  /// @param said by the server
  public EngineException.Unusable refused(String said) {
    String what =
        key == null
            ? "wants a key and was sent none"
            : key.authorization().startsWith("Basic ")
                ? "does not accept the user and the password in its address"
                : "does not accept our key";
    var refused =
        new EngineException.Unusable(
            "The server of model %s at %s %s: %s. Set %s or %s to a key that it accepts."
                .formatted(model, server, what, hiddenIn(said), variable, setting()),
            null);
    refusal = refused;
    return refused;
  }

  /// It did: a request that needs a key was answered.
  public void accepted() {
    refusal = null;
  }

  /// Why it does not take it, if that was the last word.
  public EngineException.@Nullable Unusable refusal() {
    return refusal;
  }

  /// The setting of this model's key. A mode has the key of its model; names with other letters
  /// than those of a property stand in brackets.
  private String setting() {
    int colon = model.indexOf(':');
    boolean mode = colon > 0 && !model.substring(colon + 1).matches("\\d+");
    String name = mode ? model.substring(0, colon) : model;
    return "ponder.models.%s.key".formatted(name.matches("[\\w-]+") ? name : "[" + name + "]");
  }

  /// Takes the key out of what a server wrote.
  public String hiddenIn(String sentence) {
    return key == null ? sentence : key.hiddenIn(sentence);
  }
}
