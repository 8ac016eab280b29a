package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerHttp;
import dev.ponder.engine.text.ThinkTags;
import dev.ponder.time.Probe;
import dev.ponder.time.Threads;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// How the server of one model is reached, and what is known of it beforehand.
///
/// @param address where the server answers; what messages call a server that is not reached over
///     TCP
/// @param key what the server was started with (`--api-key`), if anything
/// @param place what is known beside the address
/// @param tags between which the model thinks
/// @param health how the server is, which all models of one server share
/// @param transport which the engine closes; null is TCP
public record ServerConnection(
    String model,
    URI address,
    @Nullable ApiKey key,
    ServerPlace place,
    ThinkTags tags,
    Probe<EngineHealth> health,
    ServerHttp.@Nullable Transport transport) {

  /// A server of which nothing but its address is known. Its model thinks between the usual tags.
  public static ServerConnection to(String model, URI address, @Nullable ApiKey key) {
    return new ServerConnection(
        model,
        address,
        key,
        ServerPlace.ELSEWHERE,
        ThinkTags.USUAL,
        new Probe<>(Threads.ofThePlatform()),
        null);
  }

  /// The same server at a place that is known.
  public ServerConnection at(ServerPlace where) {
    return new ServerConnection(model, address, key, where, tags, health, transport);
  }

  /// The same server with the tags of its model.
  public ServerConnection thinking(ThinkTags between) {
    return new ServerConnection(model, address, key, place, between, health, transport);
  }

  /// The same server, reached in another way than over TCP.
  public ServerConnection over(ServerHttp.Transport way) {
    return new ServerConnection(model, address, key, place, tags, health, way);
  }
}
