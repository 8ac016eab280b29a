package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.text.CanonicalStream;
import dev.ponder.engine.text.ThinkTags;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// A model behind llama-server's HTTP protocol: a llama-server itself, or a seat of ours.
public final class LlamaServerEngine implements Engine {
  private static final Duration HEALTH_LIMIT = Duration.ofMillis(800);

  private final ServerConnection server;
  private final LlamaServerSettings settings;
  private final InstantSource now;
  private final Calls calls;
  private final Set<ServerStream> streams = ConcurrentHashMap.newKeySet();
  private final PromptTokens prompts;
  private final ServerSlots slots;
  private final SlotChoice choice = new SlotChoice();
  private final SharedTrunk trunk;
  private final SnapshotKeeper keeper;
  private volatile @Nullable ServerProps props;
  private volatile boolean closed;

  public LlamaServerEngine(
      ServerConnection server, LlamaServerSettings settings, InstantSource now) {
    this.server = server;
    this.settings = settings;
    this.now = now;
    this.calls = new Calls(server, settings, now);
    this.prompts = new PromptTokens(calls, settings);
    this.slots = new ServerSlots(calls, settings.answerLimit());
    this.trunk = new SharedTrunk(slots, this::evaluate);
    this.keeper =
        new SnapshotKeeper(
            server.model(), server.place(), slots, this::evaluate, settings.answerLimit(), now);
  }

  @Override
  public String model() {
    return server.model();
  }

  /// What the server says of itself: the name of its model, its context, its sequences.
  public ServerProps props() {
    ServerProps known = props;
    if (known != null && !calls.broken()) {
      return known;
    }
    try {
      ServerProps asked =
          prompts.readable(
              "props", () -> ServerProps.parse(calls.get("props", settings.answerLimit())));
      if (known != null && !known.sameModel(asked)) {
        throw calls.unavailable(
            "holds another model now, %s in place of %s. A thought cannot go on with it; start the server with the former model again"
                .formatted(asked.modelName(), known.modelName()),
            null);
      }
      if (known != null) {
        choice.forgetAll();
        prompts.forget();
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
    boolean shares = !it.messages() && it.sequences() > 1 && trunk.offered();
    return Capabilities.of(
            it.sequences(),
            it.contextTokens(),
            Capability.CONTINUATION,
            Capability.EXACT_COUNTS,
            Capability.PREFIX_CACHE,
            Capability.CANCELLATION,
            Capability.REPRODUCIBLE)
        .with(Capability.TOKEN_IDS, it.tokenIds())
        .with(Capability.SHARED_PREFIX, shares)
        .with(Capability.KV_SNAPSHOT, keeper.offered(it));
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    requireOpen();
    Duration left = request.deadline().remaining(now);
    if (left.isZero()) {
      throw calls.unavailable("was not asked, because the deadline is over", null);
    }
    ServerProps it = props();
    String written = request.written().text();
    return new CanonicalStream(opened(request, it, left), it.tags(server.tags()), written);
  }

  private TokenStream opened(GenerationRequest asked, ServerProps it, Duration left) {
    if (it.messages()) {
      GenerationRequest request = inOwnWords(asked, it, "");
      return stream(left, CompletionBody.of(request, it), () -> {});
    }
    String prompt = prompts.render(asked.conversation(), it);
    GenerationRequest request = inOwnWords(asked, it, prompt);
    // Others may use it, and it may have been started anew by others.
    ServerSlots.Sight seen =
        server.place().shared() ? slots.lookLately() : ServerSlots.Sight.NOTHING;
    var seat = choice.take(request.affinity(), prompt, it.sequences(), seen);
    try {
      return seat.number() != ServerSlots.ANY && keeper.offered(it)
          ? kept(request, it, prompt, seat)
          : stream(left, body(request, it, prompt, seat.number()), seat::close);
    } catch (RuntimeException e) {
      seat.close();
      throw e;
    }
  }

  /// The request with the tags of the model in what is written, as it wrote them itself.
  private GenerationRequest inOwnWords(GenerationRequest request, ServerProps it, String prompt) {
    Written written = request.written();
    return written.text().isEmpty()
        ? request
        : request.continuing(
            new Written(it.inOwnWords(written.text(), prompt, server.tags()), written.ids()),
            request.maxTokens());
  }

  /// Tags that are control tokens are not printed unless a request asks for them.
  private void showTags(JsonGenerator json, ServerProps it) {
    List<String> tokens = it.tags(server.tags()).own().tokens();
    if (it.messages() || tokens.isEmpty()) {
      return;
    }
    json.writeName("preserved_tokens");
    json.writeStartArray();
    tokens.forEach(json::writeString);
    json.writeEndArray();
  }

  private TokenStream kept(
      GenerationRequest request, ServerProps it, String prompt, SlotChoice.Taken seat) {
    KeptThought.Opener opener = (limit, body) -> stream(limit, body, () -> {});
    return new KeptThought(keeper, it, request.affinity(), seat, opener, now)
        .begin(request, prompts.of(prompt, request.written(), it));
  }

  private ServerStream stream(Duration left, Consumer<JsonGenerator> body, Runnable whenOver) {
    ServerStream stream =
        new ServerStream(
            calls,
            calls.stream("completion", left, body.andThen(json -> showTags(json, props()))),
            settings.silenceLimit(),
            over -> {
              streams.remove(over);
              whenOver.run();
            });
    streams.add(stream);
    if (closed) {
      stream.abort(closedNow());
    }
    return stream;
  }

  @Override
  public @Nullable Completion share(List<GenerationRequest> branches) {
    requireOpen();
    if (branches.size() < 2 || !capabilities().offer(Capability.SHARED_PREFIX)) {
      return null;
    }
    ServerProps it = props();
    Duration left = branches.getFirst().deadline().remaining(now);
    List<String> rendered =
        branches.stream().map(branch -> prompts.render(branch.conversation(), it)).toList();
    List<int[]> ids =
        IntStream.range(0, branches.size())
            .mapToObj(
                i ->
                    prompts.of(
                        rendered.get(i),
                        inOwnWords(branches.get(i), it, rendered.get(i)).written(),
                        it))
            .toList();
    // What is kept of a branch holds more of it than the trunk.
    if (keeper.offered(it) && ids.stream().anyMatch(each -> keeper.kept(it, each, null) > 0)) {
      return null;
    }
    SharedTrunk.Shared shared = trunk.share(ids, left);
    if (shared == null) {
      return null;
    }
    for (int i = 0; i < Math.min(branches.size(), shared.slots().size()); i++) {
      choice.fill(shared.slots().get(i), branches.get(i).affinity(), rendered.get(i));
    }
    return shared.cost();
  }

  @Override
  public void forget(String affinity) {
    choice.leave(affinity);
    SnapshotStore store = server.place().store();
    if (store != null) {
      store.forget(affinity);
    }
  }

  private Consumer<JsonGenerator> body(
      GenerationRequest request, ServerProps it, String prompt, int slot) {
    return it.tokenIds() && request.written().ids().length > 0
        ? CompletionBody.of(request, prompts.of(prompt, request.written(), it), slot)
        : CompletionBody.of(request, prompt + request.written().text(), it.tokenIds(), slot);
  }

  private SharedTrunk.Evaluated evaluate(int[] prompt, int slot, int tokens, Duration limit) {
    IntStream.Builder written = IntStream.builder();
    Consumer<JsonGenerator> body = CompletionBody.of(prompt, slot, tokens);
    try (ServerStream stream = stream(limit, body, () -> {})) {
      for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
        Arrays.stream(piece.ids()).forEach(written);
      }
      return new SharedTrunk.Evaluated(
          stream.completion(), stream.slot(), written.build().toArray());
    }
  }

  @Override
  public int countTokens(String text) {
    requireOpen();
    // As it is asked, when a control token is none any more; the end of a thought is one.
    ServerProps it = props();
    String closing = ThinkTags.CANONICAL.closing();
    int end = text.indexOf(closing);
    String counted =
        end < 0
            ? it.harmless(text)
            : it.harmless(text.substring(0, end))
                + closing
                + it.harmless(text.substring(end + closing.length()));
    return prompts.of(counted, false).length;
  }

  @Override
  public EngineHealth health() {
    return EngineHealth.ofServer(
        () -> {
          requireOpen();
          // It says that it is well to whoever asks, and the rest only to those with its key.
          boolean keyTaken = props != null && !calls.keyRefused();
          calls.get(keyTaken ? "health" : "props", HEALTH_LIMIT);
        });
  }

  @Override
  public EngineHealth recentHealth() {
    return EngineHealth.recent(server.health(), this::health, calls.keyRefusal());
  }

  @Override
  public void askHealth() {
    server.health().ask(this::health);
  }

  private void requireOpen() {
    if (closed) {
      throw closedNow();
    }
  }

  private EngineException.Unavailable closedNow() {
    return new EngineException.Unavailable(
        "The connection to the server of model %s at %s is closed."
            .formatted(server.model(), server.address()),
        null);
  }

  @Override
  public void close() {
    closed = true;
    streams.forEach(stream -> stream.abort(closedNow()));
    calls.close();
  }
}
