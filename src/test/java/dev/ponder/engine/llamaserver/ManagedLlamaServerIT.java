package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.time.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real llama-server that Ponder starts itself, with `tools/llama-server` as its executable.
@NeedsLlamaServer
@Timeout(120)
class ManagedLlamaServerIT {
  private static final ManagedServerSettings SETTINGS =
      ManagedServerSettings.defaults().withExecutable(LocalServer.SCRIPT.toString());

  @TempDir Path folder;

  private ManagedLlamaServer engine;

  @AfterEach
  void end() {
    if (engine != null) {
      engine.close();
    }
  }

  private ManagedLlamaServer engine(String... options) {
    engine =
        new ManagedLlamaServer(
            new ManagedModel("mini", LocalServer.MINI, 2048, 3, 1, List.of(options)),
            SETTINGS.withFolder(folder),
            LlamaServerSettings.defaults(),
            InstantSource.system());
    return engine;
  }

  private static GenerationRequest apples(Written written) {
    return new GenerationRequest(
        new Conversation(
            null,
            "Ada has 12 apples. Ada receives 3 boxes with 5 apples each, then sells 4."
                + " How many apples are left?"),
        written,
        new Sampling(0, 1, 0, 0, 0, 1),
        7,
        500,
        Deadline.in(Duration.ofMinutes(5), InstantSource.system()),
        "a");
  }

  /// Appends what comes to what is written, at most so many pieces.
  private static Written read(TokenStream stream, Written before, int most) {
    String text = before.text();
    int[] ids = before.ids();
    Piece piece;
    for (int i = 0; i < most && (piece = stream.next()) != null; i++) {
      int had = ids.length;
      text += piece.text();
      ids = Arrays.copyOf(ids, had + piece.ids().length);
      System.arraycopy(piece.ids(), 0, ids, had, piece.ids().length);
    }
    return new Written(text, ids);
  }

  private Written readAll(Written before) {
    try (TokenStream stream = engine.open(apples(before))) {
      return read(stream, before, Integer.MAX_VALUE);
    }
  }

  private static boolean ends(ProcessHandle process) {
    try {
      process.onExit().get(60, TimeUnit.SECONDS);
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it did not come true within 60 s").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private ProcessHandle server() {
    return ProcessHandle.of(engine.processId().orElseThrow()).orElseThrow();
  }

  @Test
  void runsTheModelWithItsProfilesOptionsAndLeavesNothingBehind() throws IOException {
    Capabilities can = engine().capabilities();
    String text = readAll(Written.NOTHING).text();
    ProcessHandle process = server();
    State state = engine.health().state();

    engine.close();

    assertThat(can.sequences()).isEqualTo(3);
    assertThat(can.contextTokens()).isEqualTo(2048);
    assertThat(can.offer(Capability.SHARED_PREFIX)).isTrue();
    assertThat(text).endsWith("23 apples are left.");
    assertThat(state).isEqualTo(State.READY);
    assertThat(ends(process)).isTrue();
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aServerKilledInTheMiddleOfAThoughtIsReplacedAndTheThoughtGoesOn() {
    engine("--duty", "6");
    Written whole = readAll(Written.NOTHING);
    TokenStream stream = engine.open(apples(Written.NOTHING));
    Written start = read(stream, Written.NOTHING, 5);
    long before = engine.processId().orElseThrow();

    server().destroyForcibly();
    Throwable broken = catchThrowable(() -> read(stream, Written.NOTHING, Integer.MAX_VALUE));
    Written rest = readAll(start);

    assertThat(broken)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("The llama-server of model mini (process " + before + ")")
        .hasMessageContaining("ended with status 137");
    assertThat(rest.text()).isEqualTo(whole.text());
    assertThat(rest.ids()).isEqualTo(whole.ids());
    assertThat(engine.processId().orElseThrow()).isNotEqualTo(before);
    assertThat(engine.health().restarts()).isEqualTo(1);
  }

  @Test
  void anOptionThatTheServerDoesNotKnowIsQuotedFromItsLog() {
    assertThatThrownBy(() -> engine("--no-such-thing").capabilities())
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessageContaining("error: invalid argument: --no-such-thing");
    assertThat(engine.health().state()).isEqualTo(State.UNUSABLE);
  }

  @Test
  void aServerEndsWithItsParentEvenIfThatIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ManagedParent.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    long pid = 0;
    try (BufferedReader lines = parent.inputReader()) {
      String line;
      while (pid == 0 && (line = lines.readLine()) != null) {
        pid = line.startsWith("server=") ? Long.parseLong(line.substring(7)) : 0;
      }
      ProcessHandle server = ProcessHandle.of(pid).orElseThrow();

      assertThat(folder).isNotEmptyDirectory();

      parent.destroyForcibly();

      assertThat(ends(server)).isTrue();
      await(() -> folder.toFile().list().length == 0);
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aServerEndsWithItsGuard() {
    engine().capabilities();
    ProcessHandle server = server();

    server.parent().orElseThrow().destroyForcibly();

    assertThat(ends(server)).isTrue();
    assertThat(readAll(Written.NOTHING).text()).endsWith("23 apples are left.");
    assertThat(server().pid()).isNotEqualTo(server.pid());
  }
}
