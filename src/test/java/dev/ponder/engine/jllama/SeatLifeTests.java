package dev.ponder.engine.jllama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.Piece;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.jllama.Mini.Read;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A seat that is killed, hangs, or loses its parent.
@Timeout(120)
class SeatLifeTests {
  private @org.jspecify.annotations.Nullable JllamaEngine engine;

  @AfterEach
  void end() {
    if (engine != null) {
      engine.close();
    }
  }

  private JllamaEngine paced(double pace, SeatSettings settings) {
    JllamaEngine made = new JllamaEngine(Mini.paced(pace), settings);
    engine = made;
    return made;
  }

  private static ProcessHandle seatOf(JllamaEngine engine) {
    return ProcessHandle.of(engine.seatPid().orElseThrow()).orElseThrow();
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }

  private static boolean ends(ProcessHandle process) {
    try {
      process.onExit().get(60, TimeUnit.SECONDS);
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  /// Reads some pieces, does something, and reads on to the failure that has to come.
  private static String readUntilBroken(TokenStream stream, Runnable trouble) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      Piece piece = stream.next();
      text.append(piece == null ? "" : piece.text());
    }
    trouble.run();
    Throwable failure =
        catchThrowable(
            () -> {
              Piece piece;
              while ((piece = stream.next()) != null) {
                text.append(piece.text());
              }
            });
    stream.close();
    assertThat(failure).isInstanceOf(EngineException.Unavailable.class);
    return text.toString();
  }

  @Test
  void aSeatKilledInTheMiddleOfAThoughtIsReplacedAndTheTextGoesOn() {
    JllamaEngine mini = paced(40, SeatSettings.defaults());
    String whole = Mini.readAll(mini.open(Mini.apples(Written.NOTHING, 500))).text();
    long before = mini.seatPid().orElseThrow();

    String start =
        readUntilBroken(
            mini.open(Mini.apples(Written.NOTHING, 500)), () -> seatOf(mini).destroyForcibly());
    Read rest = Mini.readAll(mini.open(Mini.apples(Written.text(start), 500)));

    assertThat(start).isNotEmpty().isNotEqualTo(whole);
    assertThat(start + rest.text()).isEqualTo(whole);
    assertThat(mini.seatPid().orElseThrow()).isNotEqualTo(before);
    assertThat(mini.health().restarts()).isEqualTo(1);
    assertThat(mini.health().state()).isEqualTo(State.READY);
  }

  @Test
  void aSeatThatHangsIsEndedAndReplaced() throws Exception {
    JllamaEngine mini = paced(40, SeatSettings.defaults().withSilenceLimit(Duration.ofSeconds(4)));
    TokenStream stream = mini.open(Mini.apples(Written.NOTHING, 500));
    ProcessHandle hung = seatOf(mini);

    String start =
        readUntilBroken(
            stream,
            () -> {
              try {
                signal("STOP", hung.pid());
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    Read rest = Mini.readAll(mini.open(Mini.apples(Written.text(start), 5)));

    assertThat(ends(hung)).isTrue();
    assertThat(rest.tokens()).isEqualTo(5);
    assertThat(mini.health().restarts()).isEqualTo(1);
  }

  @Test
  void aSeatEndsWithItsParentEvenIfThatIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SeatParent.class.getName())
            .redirectErrorStream(true)
            .start();
    long pid = 0;
    try (BufferedReader lines = parent.inputReader()) {
      String line;
      while (pid == 0 && (line = lines.readLine()) != null) {
        pid = line.startsWith("seat=") ? Long.parseLong(line.substring(5)) : 0;
      }
      ProcessHandle seat = ProcessHandle.of(pid).orElseThrow();

      parent.destroyForcibly();

      assertThat(ends(seat)).isTrue();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aClosedEngineLeavesNoProcessAndNoFiles(@TempDir Path folder) throws IOException {
    JllamaEngine mini = paced(0, SeatSettings.defaults().withFolder(folder));
    Mini.readAll(mini.open(Mini.apples(Written.NOTHING, 5)));
    ProcessHandle seat = seatOf(mini);

    mini.close();

    assertThat(seat.isAlive()).isFalse();
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aKilledSeatLeavesNoFiles(@TempDir Path folder) throws IOException {
    JllamaEngine mini = paced(0, SeatSettings.defaults().withFolder(folder));
    Mini.readAll(mini.open(Mini.apples(Written.NOTHING, 5)));

    seatOf(mini).destroyForcibly();
    Mini.readAll(mini.open(Mini.apples(Written.NOTHING, 5)));
    mini.close();

    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void keepsToItsPaceForEachThought() {
    JllamaEngine mini = paced(30, SeatSettings.defaults());

    Read read = Mini.readAll(mini.open(Mini.apples(Written.NOTHING, 31)));

    // 30 tokens after the first one take a second at 30 tokens/s; a slow machine makes it longer.
    assertThat(read.completion().decode()).isGreaterThanOrEqualTo(Duration.ofMillis(990));
    assertThat(read.completion().decodeSpeed()).isLessThanOrEqualTo(30.5);
    assertThat(read.pieces().size()).isGreaterThan(5);
  }

  @Test
  void startsOnlyWhenItIsNeededAndSaysSo() {
    JllamaEngine mini = paced(0, SeatSettings.defaults());

    assertThat(mini.health().state()).isEqualTo(State.IDLE);
    assertThat(mini.seatPid()).isEmpty();

    assertThat(mini.countTokens("Ada has 12 apples.")).isPositive();
    assertThat(mini.health().state()).isEqualTo(State.READY);
  }

  @Test
  void aLineOfWaitingRequestsHasAnEnd() {
    JllamaEngine mini = paced(5, SeatSettings.defaults().withWaitingMax(0));
    List<TokenStream> streams =
        List.of(
            mini.open(Mini.apples(Written.NOTHING, 100)),
            mini.open(Mini.apples(Written.NOTHING, 100)),
            mini.open(Mini.apples(Written.NOTHING, 100)));
    streams.forEach(TokenStream::next);

    assertThatThrownBy(() -> mini.open(Mini.apples(Written.NOTHING, 100)))
        .isInstanceOfSatisfying(
            EngineException.Unavailable.class,
            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1)))
        .hasMessageContaining("busy");
    streams.forEach(TokenStream::close);
  }
}
