package dev.ponder.simulation;

import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An engine outside of all nodes that writes what the scripts say, takes its time, and breaks off,
/// hangs, refuses or is away when the seed says so. It checks that a thought goes on exactly where
/// it stopped, and that little is decoded twice.
final class SimulatedEngine implements Engine {

  private static final Capabilities CAPABLE =
      Capabilities.of(
          6,
          2048,
          Capability.CONTINUATION,
          Capability.TOKEN_IDS,
          Capability.EXACT_COUNTS,
          Capability.CANCELLATION,
          Capability.REPRODUCIBLE);

  private final Baton baton;
  private final Trace trace;
  private final Odds odds;
  private final Rules rules;
  private final int millisPerToken;
  private final int mostInAPiece;
  private final boolean ids;
  private final Map<Long, Script> scripts = new HashMap<>();
  private final Map<Script, Stream> latest = new HashMap<>();
  private final Set<Long> refused = new HashSet<>();
  private long awayUntil;
  private int decoded;

  /// What the rest of the simulation knows.
  interface Rules {
    /// Whether the thought is finished for good, and the current task knows or has to know.
    boolean isFinished(Script script);

    /// Whether the current task works for an owner that has lost its job, and cannot know it yet:
    /// it was frozen on its way to the engine.
    boolean isStale();

    /// How many tokens may be decoded again at most, for a thought whose writer was lost.
    int mostAgain();
  }

  SimulatedEngine(Baton baton, Trace trace, Odds odds, Rules rules) {
    this.baton = baton;
    this.trace = trace;
    this.odds = odds;
    this.rules = rules;
    this.millisPerToken = odds.between(2, 40);
    this.mostInAPiece = odds.between(1, 3);
    this.ids = odds.chance(0.5);
  }

  void knows(long seed, Script script) {
    scripts.put(seed, script);
  }

  void awayUntil(long nanos) {
    awayUntil = Math.max(awayUntil, nanos);
  }

  void mend() {
    awayUntil = 0;
  }

  boolean hasRefused(long seed) {
    return refused.contains(seed);
  }

  int decoded() {
    return decoded;
  }

  @Override
  public String model() {
    return "scripted";
  }

  @Override
  public Capabilities capabilities() {
    return CAPABLE;
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    Script script = scripts.get(request.seed());
    if (script == null) {
      throw wrong("The engine is asked for a thought that nobody has");
    }
    var place = script.after(request.written().text());
    if (place == null) {
      throw wrong("Not what the engine wrote in %s: %s".formatted(script, request.written()));
    }
    say("open %s at %d".formatted(script.key().id(), place.tokens()));
    if (rules.isFinished(script)) {
      throw wrong("A finished thought is thought again: " + script);
    }
    baton.waitFor(null, Duration.ofMillis(odds.between(0, 20)));
    if (baton.nanos() < awayUntil || odds.happens(odds.engineUnavailable)) {
      throw new EngineException.Unavailable("The engine is away, says the simulation.", null);
    }
    if (odds.happens(odds.refuses)) {
      refused.add(script.seed());
      throw new EngineException.Refused("The engine refuses, says the simulation.");
    }
    checkAgain(script, place);
    var stream = new Stream(script, place, request.maxTokens());
    if (!rules.isStale()) {
      latest.put(script, stream);
    }
    return stream;
  }

  private void checkAgain(Script script, Script.Place place) {
    Stream before = latest.get(script);
    if (before == null) {
      if (place.tokens() > 0 && !rules.isStale()) {
        throw wrong("Text that nobody decoded: %s %s".formatted(script, place));
      }
      return;
    }
    int again = before.beyond(place);
    if (rules.isStale()) {
      return;
    }
    int most = before.reader == Baton.current().onBehalfOf() ? 0 : rules.mostAgain();
    if (again > most) {
      throw wrong(
          "%d tokens of %s are decoded again, at most %d may be".formatted(again, script, most));
    }
  }

  private AssertionError wrong(String what) {
    var error = new AssertionError(what);
    baton.fail(error);
    return error;
  }

  private void say(String what) {
    trace.line(baton.nanos(), Baton.current().toString(), what);
  }

  @Override
  public int countTokens(String text) {
    return text.split("(?<=\\s)").length;
  }

  @Override
  public EngineHealth health() {
    return new EngineHealth(EngineHealth.State.READY, "It writes what the script says.", 0);
  }

  @Override
  public void close() {}

  private final class Stream implements TokenStream {
    private final Script script;
    private final Task reader = Baton.current().onBehalfOf();
    private final Script.Place begun;
    private final List<String> rest;
    private final int room;
    private final boolean hangs = odds.happens(odds.engineHangs);
    private final long opened = baton.nanos();
    private int written;
    private long lastToken;
    private boolean closed;
    private @Nullable Completion completion;

    Stream(Script script, Script.Place begun, int room) {
      this.script = script;
      this.begun = begun;
      this.rest = script.from(begun);
      this.room = room;
    }

    /// How many tokens this stream has decoded beyond a place of the same script.
    int beyond(Script.Place place) {
      int tag = rest.indexOf(Script.TAG);
      boolean concluding = begun.concluding() || written > tag;
      int thinking =
          begun.concluding() ? begun.thinking() : begun.thinking() + Math.min(written, tag);
      int conclusion =
          begun.concluding() ? begun.conclusion() + written : Math.max(0, written - tag - 1);
      if (place.concluding()) {
        return concluding ? Math.max(0, conclusion - place.conclusion()) : 0;
      }
      return Math.max(0, thinking - place.thinking()) + (concluding ? conclusion : 0);
    }

    @Override
    public @Nullable Piece next() {
      if (completion != null) {
        return null;
      }
      baton.waitFor(
          () -> closed,
          hangs ? Duration.ofHours(1) : Duration.ofMillis(odds.between(1, millisPerToken)));
      if (closed) {
        return ended(StopReason.CANCELLED);
      }
      if (baton.nanos() < awayUntil || odds.happens(odds.engineBreaksOff)) {
        say("breaks off after %d tokens".formatted(written));
        throw new EngineException.Unavailable("The engine broke off, says the simulation.", null);
      }
      if (written >= room) {
        return ended(StopReason.LIMIT);
      }
      if (written == rest.size()) {
        return ended(StopReason.END_OF_TURN);
      }
      return piece(Math.min(odds.between(1, mostInAPiece), Math.min(room, rest.size()) - written));
    }

    private Piece piece(int tokens) {
      List<String> some = rest.subList(written, written + tokens);
      // What comes after the tag is never in one piece with what came before it.
      int tag = some.indexOf(Script.TAG);
      List<String> piece = tag > 0 ? some.subList(0, tag) : tag == 0 ? some.subList(0, 1) : some;
      written += piece.size();
      decoded += piece.size();
      lastToken = baton.nanos();
      String text = String.join("", piece);
      return ids
          ? new Piece(text, piece.size(), piece.stream().mapToInt(String::hashCode).toArray())
          : new Piece(text, piece.size());
    }

    private @Nullable Piece ended(StopReason reason) {
      completion =
          new Completion(
              reason,
              new TokenUsage(10, 0, written),
              Duration.ZERO,
              Duration.ofNanos(Math.max(0, lastToken - opened)));
      return null;
    }

    @Override
    public Completion completion() {
      if (completion == null) {
        throw new IllegalStateException("The generation has not ended");
      }
      return completion;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
