package dev.ponder.engine.openai;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.TokenStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// A model behind the chat completions of an OpenAI-compatible server. What the protocol leaves
/// open is found out when its capabilities are asked for first: how the server tells reasoning from
/// content, and whether and how it goes on with a text that was begun.
public final class OpenAiEngine implements Engine {

  private static final Logger LOG = LoggerFactory.getLogger(OpenAiEngine.class);
  private static final Duration HEALTH_LIMIT = Duration.ofMillis(800);

  private final OpenAiModel model;
  private final OpenAiSettings settings;
  private final InstantSource now;
  private final ServerCalls calls;
  private final ChatClient chat;
  private final TokenEstimate estimate = new TokenEstimate();
  private final Set<ChatStream> streams = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Known known;
  private volatile boolean closed;

  /// What the server has shown.
  ///
  /// @param manners how it answers and goes on
  private record Known(Capabilities capabilities, Manners manners) {}

  public OpenAiEngine(OpenAiModel model, OpenAiSettings settings, InstantSource now) {
    this.model = model;
    this.settings = settings;
    this.now = now;
    this.calls = new ServerCalls(model, settings, now);
    this.chat = new ChatClient(calls, model);
  }

  @Override
  public String model() {
    return model.name();
  }

  /// The models that the server lists, in its order.
  ///
  /// @throws EngineException if it does not answer
  public List<ReportedModel> reported() {
    return reported(settings.answerLimit());
  }

  private List<ReportedModel> reported(Duration limit) {
    byte[] body = calls.get("models", limit);
    try {
      return ReportedModel.read(body);
    } catch (JacksonException e) {
      throw calls.unavailable("answered /models with something that is no JSON", e);
    }
  }

  @Override
  public Capabilities capabilities() {
    requireOpen();
    return known().capabilities();
  }

  private Known known() {
    Known it = known;
    return it == null ? askFor() : it;
  }

  private synchronized Known askFor() {
    Known before = known;
    if (before != null) {
      return before;
    }
    int context = context();
    Manners manners =
        new Acquaintance(model.continuation(), it -> stream(it.request(), it.manners(), context))
            .manners(now);
    int sequences = model.sequences() == null ? settings.sequences() : model.sequences();
    boolean continues = manners.continuation() != Continuation.NONE;
    LOG.info(
        "Model '{}' at {}: context {}, reasoning {}, {}.",
        model.name(),
        calls.base(),
        context,
        manners.splits() ? "in a field of its own" : "in the text",
        continues
            ? "goes on with a text (" + manners.continuation() + ")"
            : "does not go on with a text: a thought that breaks off begins anew");
    Known asked =
        new Known(
            new Capabilities(
                continues,
                false,
                false,
                false,
                manners.caches(),
                true,
                false,
                false,
                sequences,
                context),
            manners);
    known = asked;
    return asked;
  }

  private int context() {
    Integer stated = model.context();
    if (stated != null) {
      return stated;
    }
    try {
      return reported(settings.answerLimit()).stream()
          .filter(it -> it.id().equals(model.servedAs()) && it.context() != null)
          .mapToInt(it -> it.context() == null ? settings.context() : it.context())
          .findFirst()
          .orElse(settings.context());
    } catch (EngineException.Unusable noList) {
      // Not all of them list their models.
      return settings.context();
    }
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    requireOpen();
    if (request.deadline().remaining(now).isZero()) {
      throw calls.unavailable("was not asked, because the deadline is over", null);
    }
    Known it = known();
    boolean goesOn = !request.written().text().isEmpty();
    if (goesOn && it.manners().continuation() == Continuation.NONE) {
      throw new EngineException.Refused(
          "Model %s at %s cannot go on with a text that was begun. If its server can, set ponder.models.%s.continuation."
              .formatted(model.name(), calls.base(), model.name()));
    }
    return stream(request, it.manners(), it.capabilities().contextTokens());
  }

  private ChatStream stream(GenerationRequest request, Manners manners, int context) {
    String written = request.written().text();
    int prompt = promptEstimate(request);
    ChatClient.Begun begun =
        chat.begin(request, manners.continuation(), request.deadline().remaining(now));
    ChatStream stream =
        new ChatStream(
            calls,
            begun,
            new Transcript(written, manners.contentConcludes(!written.isEmpty())),
            new ChatStream.Facts(prompt, context, settings.silenceLimit()),
            this::over);
    streams.add(stream);
    if (closed) {
      stream.abort(closedNow());
    }
    return stream;
  }

  private int promptEstimate(GenerationRequest request) {
    String system = request.conversation().system();
    int characters =
        (system == null ? 0 : system.length())
            + request.conversation().user().length()
            + request.written().text().length();
    return Math.max(1, estimate.of(characters));
  }

  private void over(ChatStream stream) {
    if (streams.remove(stream)) {
      stream.usage().ifPresent(tokens -> estimate.learn(stream.characters(), tokens));
    }
  }

  @Override
  public int countTokens(String text) {
    requireOpen();
    return estimate.of(text.length());
  }

  @Override
  public EngineHealth health() {
    return EngineHealth.ofServer(
        () -> {
          requireOpen();
          calls.get("models", HEALTH_LIMIT);
          EngineException refusal = calls.keyRefusal();
          if (refusal != null) {
            throw refusal;
          }
        });
  }

  private void requireOpen() {
    if (closed) {
      throw closedNow();
    }
  }

  private EngineException.Unavailable closedNow() {
    return new EngineException.Unavailable(
        "The connection to the server of model %s at %s is closed."
            .formatted(model.name(), calls.base()),
        null);
  }

  @Override
  public void close() {
    closed = true;
    streams.forEach(stream -> stream.abort(closedNow()));
    calls.close();
  }
}
