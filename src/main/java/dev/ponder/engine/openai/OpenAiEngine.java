package dev.ponder.engine.openai;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.http.EventStream;
import dev.ponder.time.Deadline;
import dev.ponder.time.Probe;
import dev.ponder.time.Threads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
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
  private final Probe<EngineHealth> server;
  private final TokenEstimate estimate = new TokenEstimate();
  private final Set<ChatStream> streams = ConcurrentHashMap.newKeySet();
  private final ReentrantLock asking = new ReentrantLock();
  private final AtomicBoolean miscounted = new AtomicBoolean();
  private volatile @Nullable Known known;
  private volatile boolean closed;

  /// What the server has shown.
  ///
  /// @param manners how it answers and goes on
  private record Known(Capabilities capabilities, ServerBehaviour manners) {}

  public OpenAiEngine(OpenAiModel model, OpenAiSettings settings, InstantSource now) {
    this(model, settings, new Probe<>(Threads.ofThePlatform()), now);
  }

  /// @param server how the server is, which all models of one server share
  public OpenAiEngine(
      OpenAiModel model, OpenAiSettings settings, Probe<EngineHealth> server, InstantSource now) {
    this.server = server;
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

  /// {@inheritDoc}
  ///
  /// Takes no longer than an answer may (`answer-limit`), and ends when its thread is interrupted.
  @Override
  public Capabilities capabilities() {
    requireOpen();
    return known(Deadline.in(settings.answerLimit(), now)).capabilities();
  }

  private Known known(Deadline deadline) {
    Known it = known;
    Known asked = it == null ? askFor(deadline) : it;
    Integer told = calls.context();
    return told != null && told < asked.capabilities().contextTokens()
        ? smaller(asked, told)
        : asked;
  }

  /// The server has said that its model holds less than was assumed.
  private Known smaller(Known before, int context) {
    Capabilities can = before.capabilities();
    Known after = new Known(can.within(can.sequences(), context), before.manners());
    if (known == before) {
      LOG.warn(
          "Model '{}' at {} holds {} tokens, as its server says; {} were assumed. ponder.models.{}.context would have said so from the beginning.",
          model.name(),
          calls.base(),
          context,
          can.contextTokens(),
          model.name());
    }
    known = after;
    return after;
  }

  /// One asks, and others wait for what comes of it.
  private Known askFor(Deadline wanted) {
    Deadline most = Deadline.in(settings.answerLimit(), now);
    Deadline deadline = wanted.at().isBefore(most.at()) ? wanted : most;
    try {
      if (!asking.tryLock(deadline.remaining(now).toNanos(), TimeUnit.NANOSECONDS)) {
        throw calls.unavailable("has not been got to know in time", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw calls.unavailable("was not waited for, because the caller was interrupted", e);
    }
    try {
      Known before = known;
      Known asked = before == null ? ask(deadline) : before;
      known = asked;
      return asked;
    } finally {
      asking.unlock();
    }
  }

  private Known ask(Deadline deadline) {
    int context = context(deadline.remaining(now));
    ServerBehaviour manners =
        new ContinuationProbe(
                model.continuation(),
                model.tags(),
                it -> stream(it.request(), it.manners(), context, deadline.remaining(now)),
                deadline,
                now)
            .manners();
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
    return new Known(
        Capabilities.of(sequences, context, Capability.CANCELLATION)
            .with(Capability.CONTINUATION, continues)
            .with(Capability.PREFIX_CACHE, manners.caches()),
        manners);
  }

  private int context(Duration limit) {
    Integer stated = model.context();
    if (stated != null) {
      return stated;
    }
    try {
      return reported(limit).stream()
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
    Known it = known(request.deadline());
    boolean goesOn = !request.written().text().isEmpty();
    if (goesOn && it.manners().continuation() == Continuation.NONE) {
      throw new EngineException.Refused(
          "Model %s at %s cannot go on with a text that was begun. If its server can, set ponder.models.%s.continuation."
              .formatted(model.name(), calls.base(), model.name()));
    }
    int before = room(request, it);
    try {
      return stream(request, it, before);
    } catch (EngineException.Refused tooLong) {
      // The server may have said how much it holds, prompt and answer together.
      Known now = known(request.deadline());
      int after = room(request, now);
      if (after >= before) {
        throw tooLong;
      }
      return stream(request, now, after);
    }
  }

  private ChatStream stream(GenerationRequest request, Known it, int tokens) {
    GenerationRequest asked =
        tokens == request.maxTokens() ? request : request.continuing(request.written(), tokens);
    return stream(
        asked,
        it.manners(),
        it.capabilities().contextTokens(),
        settings.silenceLimit(),
        tokens < request.maxTokens());
  }

  /// Tokens to ask for. Most servers write until their context is full, whatever they are asked
  /// for; those that refuse to be asked for more than it holds have done so once.
  private int room(GenerationRequest request, Known it) {
    int left = it.capabilities().contextTokens() - promptEstimate(request);
    return calls.refusesLongTexts() && left > 0
        ? Math.min(left, request.maxTokens())
        : request.maxTokens();
  }

  private ChatStream stream(
      GenerationRequest request, ServerBehaviour manners, int context, Duration silence) {
    return stream(request, manners, context, silence, false);
  }

  private ChatStream stream(
      GenerationRequest request,
      ServerBehaviour manners,
      int context,
      Duration silence,
      boolean capped) {
    String written = request.written().text();
    EventStream events = chat.begin(request, manners, request.deadline().remaining(now));
    // A character has three bytes at most, and an emoji is two of four.
    var tokens =
        new Counts.Known(promptEstimate(request), 3L * characters(request), 0, request.maxTokens());
    ChatStream stream =
        new ChatStream(
            calls,
            events,
            new Transcript(model.tags(), written, manners.contentConcludes(!written.isEmpty())),
            new ChatStream.Facts(
                tokens,
                context,
                capped,
                !written.isEmpty(),
                manners.continuation() != Continuation.NONE,
                silence),
            this::over);
    streams.add(stream);
    if (closed) {
      stream.abort(closedNow());
    }
    return stream;
  }

  private int promptEstimate(GenerationRequest request) {
    return Math.max(1, estimate.of(characters(request)));
  }

  private static int characters(GenerationRequest request) {
    String system = request.conversation().system();
    return (system == null ? 0 : system.length())
        + request.conversation().user().length()
        + request.written().text().length();
  }

  private void over(ChatStream stream) {
    if (streams.remove(stream)) {
      stream.usage().ifPresent(tokens -> estimate.learn(stream.characters(), tokens));
      if (!stream.untrue().isEmpty()) {
        miscounts(stream.untrue());
      }
    }
  }

  private void miscounts(String untrue) {
    boolean first = miscounted.compareAndSet(false, true);
    LOG.atLevel(first ? Level.WARN : Level.DEBUG)
        .log(
            "The server of model '{}' counts what cannot be: {}. Estimates stand in its place.",
            model.name(),
            untrue);
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

  @Override
  public EngineHealth recentHealth() {
    return EngineHealth.recent(server, this::health, calls.keyRefusal());
  }

  @Override
  public void askHealth() {
    server.ask(this::health);
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
