package dev.ponder.engine;

import dev.ponder.budget.TokenUsage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An engine for tests that writes what a script says, token by token, and remembers what it was
/// asked. It keeps the same contract as a real engine, and can be told to be slow, to crash, to
/// refuse, to hang or to be unavailable.
public final class ScriptedEngine implements Engine {

  public static final Capabilities CAPABLE =
      Capabilities.of(
          6,
          2048,
          Capability.CONTINUATION,
          Capability.TOKEN_IDS,
          Capability.EXACT_COUNTS,
          Capability.CANCELLATION,
          Capability.REPRODUCIBLE);

  /// [#CAPABLE] that shares the evaluation of prompts, too.
  public static final Capabilities SHARING =
      Capabilities.of(
          6,
          2048,
          Capability.CONTINUATION,
          Capability.TOKEN_IDS,
          Capability.EXACT_COUNTS,
          Capability.SHARED_PREFIX,
          Capability.CANCELLATION,
          Capability.REPRODUCIBLE);

  /// [#CAPABLE] with so many thoughts at a time.
  public static Capabilities withSequences(int sequences) {
    return Capabilities.of(
        sequences,
        2048,
        Capability.CONTINUATION,
        Capability.TOKEN_IDS,
        Capability.EXACT_COUNTS,
        Capability.CANCELLATION,
        Capability.REPRODUCIBLE);
  }

  private final String model;
  private final InstantSource now = InstantSource.system();
  private final List<GenerationRequest> requests = new CopyOnWriteArrayList<>();
  private final List<List<GenerationRequest>> shared = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicInteger> decoded = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> crashes = new ConcurrentHashMap<>();
  private final Set<Integer> hanging = ConcurrentHashMap.newKeySet();
  private final Set<ScriptedStream> running = ConcurrentHashMap.newKeySet();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final AtomicInteger opens = new AtomicInteger();
  private final AtomicInteger counted = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();

  private volatile Function<GenerationRequest, String> script = Scripts.BY_SYSTEM_LINE;
  private volatile Predicate<GenerationRequest> withheld = request -> false;
  private volatile Predicate<GenerationRequest> refused = request -> false;
  private volatile Capabilities capabilities = CAPABLE;
  private volatile Semaphore sequences = new Semaphore(CAPABLE.sequences(), true);
  private volatile Duration perToken = Duration.ZERO;
  private volatile @Nullable Duration retryAfter;
  private final AtomicInteger healths = new AtomicInteger();
  private volatile boolean sharingFails;
  private volatile boolean away;
  private volatile EngineException.@Nullable Unusable unusable;
  private volatile boolean used;
  private volatile boolean closed;

  public ScriptedEngine(String model) {
    this.model = model;
  }

  /// Writes the text that the function chooses: the whole turn, `</think>` included.
  public ScriptedEngine writes(Function<GenerationRequest, String> turn) {
    script = turn;
    return this;
  }

  /// Takes this long for each token.
  public ScriptedEngine takes(Duration eachToken) {
    perToken = eachToken;
    return this;
  }

  /// Claims these capabilities; set before the first request.
  public ScriptedEngine can(Capabilities claimed) {
    capabilities = claimed;
    sequences = new Semaphore(claimed.sequences(), true);
    return this;
  }

  /// Dies in the given request (counted from 1) after it has delivered so many tokens.
  public ScriptedEngine crashesIn(int request, int afterTokens) {
    crashes.put(request, afterTokens);
    return this;
  }

  /// Writes nothing in the given request (counted from 1) until its stream is closed.
  public ScriptedEngine hangsIn(int request) {
    hanging.add(request);
    return this;
  }

  /// Refuses the requests that match.
  public ScriptedEngine refuses(Predicate<GenerationRequest> requests) {
    refused = requests;
    return this;
  }

  /// Keeps back what else there would be to say to the requests that match.
  public ScriptedEngine withholds(Predicate<GenerationRequest> requests) {
    withheld = requests;
    return this;
  }

  /// Cannot open the next so many requests.
  public ScriptedEngine isUnavailableFor(int requests) {
    unavailable.set(requests);
    return this;
  }

  /// Its server is killed: what runs breaks off, and it takes no request until it is back.
  public ScriptedEngine goesAway() {
    away = true;
    running.forEach(ScriptedStream::engineDied);
    return this;
  }

  /// Its server is there again.
  public ScriptedEngine comesBack() {
    away = false;
    return this;
  }

  /// It cannot be used before somebody mends it, or null if it can.
  public ScriptedEngine cannotBeUsed(EngineException.@Nullable Unusable because) {
    unusable = because;
    return this;
  }

  /// How often it was asked how it is.
  public int healths() {
    return healths.get();
  }

  /// Asks those it turns away to come back after this time.
  public ScriptedEngine asksToRetryAfter(Duration time) {
    retryAfter = time;
    return this;
  }

  /// Every request that was opened, in order; those turned away are not among them.
  public List<GenerationRequest> requests() {
    return List.copyOf(requests);
  }

  /// How often [#open] was called, turned away or not.
  public int opens() {
    return opens.get();
  }

  /// The most streams that ran at the same time.
  public int mostRunning() {
    return mostRunning.get();
  }

  /// Tokens written for one line of thought, over all its requests.
  public int tokensDecoded(String affinity) {
    AtomicInteger count = decoded.get(affinity);
    return count == null ? 0 : count.get();
  }

  /// The same for every line of thought so far.
  public Map<String, Integer> tokensDecoded() {
    return decoded.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get()));
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    opens.incrementAndGet();
    alive();
    if (unavailable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new EngineException.Unavailable(
          "Model '%s' is starting. Ask again.".formatted(model), null, retryAfter);
    }
    int prompt = promptTokens(request);
    refuseWhatCannotWork(request, prompt);
    String rest = Scripts.after(request.written().text(), script.apply(request));
    Semaphore sequence = sequences;
    await(sequence, request);
    return start(request, rest, prompt, sequence);
  }

  /// Remembers what was to be shared; it has nothing to evaluate.
  @Override
  public @Nullable Completion share(List<GenerationRequest> branches) {
    alive();
    if (!capabilities.offer(Capability.SHARED_PREFIX)) {
      return null;
    }
    shared.add(List.copyOf(branches));
    if (sharingFails) {
      throw new EngineException.Unavailable("Nothing can be shared now.", null);
    }
    return new Completion(
        StopReason.LIMIT, new TokenUsage(1, 0, 1), Duration.ofMillis(1), Duration.ZERO);
  }

  /// The requests that were to share their evaluation, each time.
  public List<List<GenerationRequest>> shared() {
    return List.copyOf(shared);
  }

  /// Fails whenever it is asked to share.
  public ScriptedEngine failsToShare() {
    sharingFails = true;
    return this;
  }

  @Override
  public int countTokens(String text) {
    alive();
    counted.incrementAndGet();
    return ScriptTokens.count(text);
  }

  /// How often it was asked to count tokens.
  public int counted() {
    return counted.get();
  }

  @Override
  public EngineHealth health() {
    healths.incrementAndGet();
    if (away) {
      return new EngineHealth(EngineHealth.State.DOWN, "Nothing listens there.", 0);
    }
    if (closed) {
      return new EngineHealth(EngineHealth.State.DOWN, "It was closed.", 0);
    }
    EngineHealth.State state = used ? EngineHealth.State.READY : EngineHealth.State.IDLE;
    return new EngineHealth(state, "It writes what the test says.", 0);
  }

  @Override
  public void close() {
    closed = true;
    running.forEach(ScriptedStream::engineDied);
  }

  /// Returns the number of the request, from 1.
  private int remember(GenerationRequest request) {
    synchronized (requests) {
      requests.add(request);
      return requests.size();
    }
  }

  private ScriptedStream start(
      GenerationRequest request, String rest, int prompt, Semaphore sequence) {
    int number = remember(request);
    ScriptedStream stream =
        new ScriptedStream(
            new ScriptedStream.Turn(
                ScriptTokens.of(rest),
                prompt,
                Math.min(request.maxTokens(), capabilities.contextTokens() - prompt),
                request.maxTokens(),
                crashes.getOrDefault(number, Integer.MAX_VALUE),
                hanging.contains(number),
                perToken,
                capabilities.offer(Capability.TOKEN_IDS),
                withheld.test(request) ? StopReason.WITHHELD : StopReason.END_OF_TURN),
            decoded.computeIfAbsent(request.affinity(), name -> new AtomicInteger()),
            ended -> {
              running.remove(ended);
              sequence.release();
            });
    running.add(stream);
    mostRunning.accumulateAndGet(running.size(), Math::max);
    used = true;
    if (closed) {
      stream.engineDied();
    }
    return stream;
  }

  private void alive() {
    if (away) {
      throw new EngineException.Unavailable(
          "The server of model '%s' did not answer: nothing seems to listen there."
              .formatted(model),
          null);
    }
    EngineException.Unusable because = unusable;
    if (because != null) {
      throw because;
    }
    if (closed) {
      throw new EngineException.Unavailable("The engine of '%s' is closed.".formatted(model), null);
    }
  }

  private void refuseWhatCannotWork(GenerationRequest request, int prompt) {
    if (refused.test(request)) {
      throw new EngineException.Refused("Model '%s' refuses this request.".formatted(model));
    }
    if (!capabilities.offer(Capability.CONTINUATION) && !request.written().text().isEmpty()) {
      throw new EngineException.Refused(
          "Model '%s' cannot continue a text that is partly written.".formatted(model));
    }
    if (prompt >= capabilities.contextTokens()) {
      throw new EngineException.Refused(
          "The prompt has %d tokens and a sequence of '%s' holds %d. Shorten the prompt."
              .formatted(prompt, model, capabilities.contextTokens()));
    }
  }

  private static int promptTokens(GenerationRequest request) {
    Conversation asked = request.conversation();
    return ScriptTokens.count(asked.system() == null ? "" : asked.system())
        + ScriptTokens.count(asked.user())
        + ScriptTokens.count(request.written().text())
        + 1;
  }

  private void await(Semaphore sequence, GenerationRequest request) {
    try {
      long left = request.deadline().remaining(now).toNanos();
      if (!sequence.tryAcquire(left, TimeUnit.NANOSECONDS)) {
        throw new EngineException.Unavailable(
            "No sequence of '%s' was free before the deadline.".formatted(model), null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException.Unavailable(
          "The wait for '%s' was interrupted.".formatted(model), e);
    }
  }
}
