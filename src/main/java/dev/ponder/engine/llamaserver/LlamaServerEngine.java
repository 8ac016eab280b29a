package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// A model behind llama-server's HTTP protocol: a llama-server itself, or a seat of ours.
public final class LlamaServerEngine implements Engine {
  private static final Duration HEALTH_LIMIT = Duration.ofMillis(800);

  private final String model;
  private final URI base;
  private final LlamaServerSettings settings;
  private final InstantSource now;
  private final Calls calls;
  private final Set<ServerStream> streams = ConcurrentHashMap.newKeySet();
  private final SharedTrunk trunk;
  private volatile @Nullable ServerProps props;
  private volatile boolean closed;

  /// @param key what the server was started with (`--api-key`), if anything
  public LlamaServerEngine(
      String model,
      URI base,
      Optional<String> key,
      LlamaServerSettings settings,
      InstantSource now) {
    this.model = model;
    this.base = base;
    this.settings = settings;
    this.now = now;
    this.calls = new Calls(model, base, key.orElse(null), settings);
    this.trunk = new SharedTrunk(calls, this::evaluate);
  }

  @Override
  public String model() {
    return model;
  }

  /// What the server says of itself: the name of its model, its context, its sequences.
  public ServerProps props() {
    ServerProps known = props;
    if (known != null && !calls.broken()) {
      return known;
    }
    try {
      ServerProps asked =
          readable("props", () -> ServerProps.parse(calls.get("props", settings.answerLimit())));
      if (known != null && !known.sameModel(asked)) {
        throw calls.unavailable(
            "holds another model now, %s in place of %s. A thought cannot go on with it; start the server with the former model again"
                .formatted(asked.modelName(), known.modelName()),
            null);
      }
      props = asked;
      return asked;
    } catch (EngineException e) {
      calls.doubt();
      throw e;
    }
  }

  @Override
  public Capabilities capabilities() {
    requireOpen();
    ServerProps it = props();
    return new Capabilities(
        true,
        it.tokenIds(),
        true,
        !it.messages() && it.sequences() > 1 && trunk.offered(),
        true,
        true,
        true,
        false,
        it.sequences(),
        it.contextTokens());
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    requireOpen();
    Duration left = request.deadline().remaining(now);
    if (left.isZero()) {
      throw calls.unavailable("was not asked, because the deadline is over", null);
    }
    return stream(left, body(request, props()));
  }

  private ServerStream stream(Duration left, Consumer<JsonGenerator> body) {
    ServerStream stream =
        new ServerStream(
            calls,
            calls.stream("completion", left, body),
            settings.silenceLimit(),
            streams::remove);
    streams.add(stream);
    if (closed) {
      stream.abort(closedNow());
    }
    return stream;
  }

  @Override
  public @Nullable Completion share(List<GenerationRequest> branches) {
    requireOpen();
    if (branches.size() < 2 || !capabilities().sharedPrefix()) {
      return null;
    }
    ServerProps it = props();
    Duration left = branches.getFirst().deadline().remaining(now);
    return trunk.share(branches.stream().map(branch -> ids(branch, it)).toList(), left);
  }

  private SharedTrunk.Evaluated evaluate(int[] prompt, int slot, int tokens, Duration limit) {
    IntStream.Builder written = IntStream.builder();
    Consumer<JsonGenerator> body = CompletionBody.of(prompt, slot, tokens);
    try (ServerStream stream = stream(limit, body)) {
      for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
        Arrays.stream(piece.ids()).forEach(written);
      }
      return new SharedTrunk.Evaluated(
          stream.completion(), stream.slot(), written.build().toArray());
    }
  }

  private int[] ids(GenerationRequest request, ServerProps it) {
    String prompt = prompt(request.conversation(), it);
    Written written = request.written();
    return it.tokenIds() && written.ids().length > 0
        ? joined(tokenize(prompt, true), written.ids())
        : tokenize(prompt + written.text(), true);
  }

  private Consumer<JsonGenerator> body(GenerationRequest request, ServerProps it) {
    if (it.messages()) {
      return CompletionBody.of(request, it);
    }
    String prompt = prompt(request.conversation(), it);
    int[] written = it.tokenIds() ? request.written().ids() : new int[0];
    return written.length == 0
        ? CompletionBody.of(request, prompt + request.written().text(), it.tokenIds())
        : CompletionBody.of(request, joined(tokenize(prompt, true), written));
  }

  private static int[] joined(int[] prompt, int[] written) {
    int[] all = Arrays.copyOf(prompt, prompt.length + written.length);
    System.arraycopy(written, 0, all, prompt.length, written.length);
    return all;
  }

  private String prompt(Conversation conversation, ServerProps it) {
    byte[] answer =
        calls.post(
            "apply-template",
            settings.answerLimit(),
            json -> CompletionBody.messages(json, conversation, it));
    return readable("apply-template", () -> member(answer, "prompt", JsonParser::getString, ""));
  }

  private interface Read<T> {
    T from(JsonParser json);
  }

  private static <T> T member(byte[] body, String name, Read<T> read, T otherwise) {
    T found = otherwise;
    try (JsonParser json =
        Event.JSON.createParser(ObjectReadContext.empty(), body, 0, body.length)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean mine = json.currentName().equals(name);
        json.nextToken();
        if (mine) {
          found = read.from(json);
        } else {
          json.skipChildren();
        }
      }
    }
    return found;
  }

  private <T> T readable(String path, java.util.function.Supplier<T> read) {
    try {
      return read.get();
    } catch (JacksonException e) {
      throw calls.unavailable("answered /" + path + " with something that is no JSON", e);
    }
  }

  @Override
  public int countTokens(String text) {
    requireOpen();
    return tokenize(text, false).length;
  }

  private int[] tokenize(String text, boolean prompt) {
    byte[] answer =
        calls.post(
            "tokenize",
            settings.answerLimit(),
            json -> {
              json.writeStringProperty("content", text);
              json.writeBooleanProperty("add_special", prompt);
              json.writeBooleanProperty("parse_special", true);
            });
    return readable("tokenize", () -> member(answer, "tokens", Event::ids, new int[0]));
  }

  @Override
  public EngineHealth health() {
    if (closed) {
      return new EngineHealth(EngineHealth.State.DOWN, closedNow().getMessage(), 0);
    }
    try {
      calls.get("health", HEALTH_LIMIT);
      return new EngineHealth(EngineHealth.State.READY, "The server answers.", 0);
    } catch (EngineException.Unusable e) {
      return new EngineHealth(EngineHealth.State.UNUSABLE, e.getMessage(), 0);
    } catch (EngineException e) {
      return new EngineHealth(EngineHealth.State.DOWN, e.getMessage(), 0);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw closedNow();
    }
  }

  private EngineException.Unavailable closedNow() {
    return new EngineException.Unavailable(
        "The connection to the server of model %s at %s is closed.".formatted(model, base), null);
  }

  @Override
  public void close() {
    closed = true;
    streams.forEach(stream -> stream.abort(closedNow()));
    calls.close();
  }
}
