package dev.ponder.simulation;

import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An engine that writes what a script says, and at one step does not do what it should.
final class StuckEngine implements Engine {

  private static final Duration FOR_EVER = Duration.ofHours(10);
  private static final Duration TOKEN = Duration.ofMillis(2);

  /// What it does instead.
  enum How {
    /// Says nothing until it is interrupted or closed.
    NEVER,
    /// Says nothing, and hears no interrupt.
    DEAF,
    /// Answers after a third of the job's time.
    LATE,
    /// Shows signs of life, and says nothing.
    TRICKLES,
    /// Goes on and on.
    ENDLESS,
    /// Overflows its stack.
    OVERFLOWS
  }

  private final Baton baton;
  private final String step;
  private final How how;
  private final Duration late;
  private final Capabilities capabilities;
  private final Function<GenerationRequest, String> turn;
  private final List<String> steps = new ArrayList<>();
  private int verifications;
  private int stuck;
  private int reached;

  /// @param step where it gets stuck: what it is asked, or what for
  /// @param turn the whole turn that a request is answered with
  StuckEngine(
      Baton baton,
      String step,
      How how,
      Duration late,
      Capabilities capabilities,
      Function<GenerationRequest, String> turn) {
    this.baton = baton;
    this.step = step;
    this.how = how;
    this.late = late;
    this.capabilities = capabilities;
    this.turn = turn;
  }

  /// How often the step was reached.
  int reached() {
    return reached;
  }

  /// Calls that are stuck now.
  int stuck() {
    return stuck;
  }

  /// All steps it was asked for, in order.
  List<String> steps() {
    return steps;
  }

  private boolean isStuckAt(String now) {
    steps.add(now);
    if (!now.equals(step)) {
      return false;
    }
    reached++;
    return true;
  }

  /// @param over whether whoever asked has closed what they were given
  private void stick(java.util.function.BooleanSupplier over) {
    stuck++;
    try {
      switch (how) {
        case NEVER -> heard(over, FOR_EVER);
        case DEAF -> baton.waitFor(null, FOR_EVER);
        case LATE -> heard(over, late);
        case TRICKLES -> {
          while (!over.getAsBoolean()) {
            heard(over, Duration.ofMillis(250));
          }
        }
        case ENDLESS -> {
          while (!over.getAsBoolean()) {
            baton.waitFor(null, Duration.ofMillis(100));
          }
        }
        case OVERFLOWS -> throw new StackOverflowError();
      }
    } finally {
      stuck--;
    }
  }

  private void heard(java.util.function.BooleanSupplier over, Duration atMost) {
    try {
      baton.waitInterruptibly(over, atMost);
    } catch (InterruptedException e) {
      Baton.current().interrupt();
      throw new EngineException.Unavailable("The wait was interrupted.", e);
    }
  }

  @Override
  public String model() {
    return "stuck";
  }

  @Override
  public Capabilities capabilities() {
    if (isStuckAt("capabilities") || (steps.contains("open exploration") && isStuckAt("later"))) {
      stick(() -> false);
    }
    return capabilities;
  }

  @Override
  public int countTokens(String text) {
    if (isStuckAt("count")) {
      stick(() -> false);
    }
    return text.split("(?<=\\s)").length;
  }

  @Override
  public @Nullable Completion share(List<GenerationRequest> branches) {
    if (isStuckAt("share")) {
      stick(() -> false);
    }
    return null;
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    String stage = stage(request);
    if (isStuckAt("open " + stage)) {
      stick(() -> false);
    }
    return new Stream(stage, after(request.written().text(), turn.apply(request)));
  }

  private String stage(GenerationRequest request) {
    String system = String.valueOf(request.conversation().system());
    if (system.contains("compression") || system.startsWith("You condense")) {
      return "summary";
    }
    if (system.contains("analysis") || system.startsWith("You prepare")) {
      return "analysis";
    }
    if (system.contains("exploration") || system.startsWith("You solve")) {
      return "exploration";
    }
    if (system.contains("synthesis") || system.startsWith("You bring")) {
      return "synthesis";
    }
    if (system.contains("verification") || system.startsWith("You verify")) {
      verifications += request.written().text().isEmpty() ? 1 : 0;
      return verifications < 2 ? "verification" : "second verification";
    }
    return "answer";
  }

  private static String after(String written, String script) {
    if (script.startsWith(written)) {
      return script.substring(written.length());
    }
    int closed = written.indexOf("</think>");
    if (closed < 0) {
      return script.substring(Math.min(written.length(), script.length()));
    }
    String begun = written.substring(closed + "</think>".length()).strip();
    String conclusion = script.substring(script.indexOf("</think>") + "</think>".length()).strip();
    return conclusion.startsWith(begun) ? conclusion.substring(begun.length()) : "";
  }

  @Override
  public EngineHealth health() {
    return new EngineHealth(EngineHealth.State.READY, "It is stuck where the test says.", 0);
  }

  @Override
  public void close() {}

  private final class Stream implements TokenStream {
    private final String stage;
    private final String[] rest;
    private int written;
    private int trickled;
    private boolean trickles;
    private boolean closed;
    private @Nullable Completion completion;

    Stream(String stage, String text) {
      this.stage = stage;
      this.rest = text.isEmpty() ? new String[0] : text.split("(?<=\\s)");
    }

    @Override
    public @Nullable Piece next() {
      if (completion != null) {
        return null;
      }
      if (!closed && isStuckAt("text of " + stage)) {
        if (how == How.TRICKLES) {
          return trickled("", Duration.ofMillis(250));
        }
        if (how == How.ENDLESS) {
          return trickled("word" + ++trickled + " ", Duration.ofMillis(5));
        }
        // A stream hears its close: that is in its contract, and every engine is tested for it.
        if (how == How.DEAF) {
          stuck++;
          baton.waitFor(() -> closed, FOR_EVER);
          stuck--;
        } else {
          stick(() -> closed);
        }
      }
      heard(() -> closed, TOKEN);
      if (closed) {
        return ended(StopReason.CANCELLED);
      }
      return written == rest.length ? ended(StopReason.END_OF_TURN) : new Piece(rest[written++], 1);
    }

    private @Nullable Piece trickled(String text, Duration every) {
      if (!trickles) {
        trickles = true;
        stuck++;
      }
      heard(() -> closed, every);
      return closed ? ended(StopReason.CANCELLED) : new Piece(text, text.isEmpty() ? 0 : 1);
    }

    private @Nullable Piece ended(StopReason reason) {
      completion =
          new Completion(
              reason, new TokenUsage(10, 0, written), Duration.ZERO, TOKEN.multipliedBy(written));
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
      if (trickles) {
        trickles = false;
        stuck--;
      }
    }
  }
}
