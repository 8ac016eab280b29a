package dev.ponder.engine.jllama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.StopReason;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.jllama.Mini.Read;
import dev.ponder.engine.jllama.seat.JllamaModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the contract of all engines does not say: how the embedded model behaves in its seat.
class JllamaEngineTests {
  private static final JllamaEngine ENGINE = Mini.engine();

  @AfterAll
  static void end() {
    ENGINE.close();
  }

  private static List<Read> together(List<Callable<Read>> readers) throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Read> reads = new ArrayList<>();
      for (Future<Read> future : threads.invokeAll(readers, 60, TimeUnit.SECONDS)) {
        reads.add(future.get());
      }
      return reads;
    }
  }

  @Test
  void thinksAndConcludesWithExactCounts() {
    Read read = Mini.readAll(ENGINE.open(Mini.apples(Written.NOTHING, 500)));

    assertThat(read.text()).contains("</think>").endsWith("23 apples are left.");
    assertThat(read.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
    // The text and the token that ends the turn.
    assertThat(read.tokens()).isEqualTo(ENGINE.countTokens(read.text()) + 1);
    assertThat(read.completion().usage().prompt()).isEqualTo(43);
    assertThat(read.completion().decodeSpeed()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"💾 emoji", "Grüße 雪", "a;b %20 #?&'\" [c]"})
  void theModelIsLoadedFromAFolderOfAnyName(String name, @TempDir Path folder) throws Exception {
    assumeThat(System.getProperty("sun.jnu.encoding")).isEqualToIgnoringCase("UTF-8");
    Path file = Files.createDirectory(folder.resolve(name)).resolve("mini.gguf");
    Files.copy(Mini.FILE, file);

    try (JllamaEngine engine =
        new JllamaEngine(new JllamaModel("mini", file, 512, 1, 1, 0), SeatSettings.defaults())) {
      assertThat(Mini.readAll(engine.open(Mini.apples(Written.NOTHING, 8))).tokens()).isEqualTo(8);
    }
  }

  @Test
  void aContinuationFindsItsTextInTheCache() {
    Read start = Mini.readAll(ENGINE.open(Mini.apples(Written.NOTHING, 20)));

    Read rest = Mini.readAll(ENGINE.open(Mini.apples(Written.text(start.text()), 500)));

    assertThat(rest.completion().usage().prompt()).isEqualTo(63);
    assertThat(rest.completion().usage().cached()).isGreaterThanOrEqualTo(61);
  }

  @Test
  void threeBranchesRunTogetherAndEachFindsItsOwnSequenceAgain() throws Exception {
    List<String> questions =
        List.of("Start 5, add 3, add 9. Result?", Mini.APPLES, "Next number: 2, 4, 6, 8, ?");
    List<Callable<Read>> starts = new ArrayList<>();
    questions.forEach(
        question ->
            starts.add(
                () ->
                    Mini.readAll(
                        ENGINE.open(Mini.request(question, Written.NOTHING, Mini.WARM, 11, 12)))));

    List<Read> first = together(starts);
    List<Read> rest = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Written written = Written.text(first.get(i).text());
      rest.add(
          Mini.readAll(ENGINE.open(Mini.request(questions.get(i), written, Mini.WARM, 11, 12))));
    }

    assertThat(first).allMatch(read -> read.tokens() > 0);
    assertThat(rest)
        .allSatisfy(
            read ->
                assertThat(read.completion().usage().cached())
                    .isGreaterThan(read.completion().usage().prompt() / 2));
  }

  @Test
  void manyRequestsOnFewSequencesAllGiveTheSameText() throws Exception {
    String expected = Mini.readAll(ENGINE.open(Mini.apples(Written.NOTHING, 500))).text();
    List<Callable<Read>> readers = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      readers.add(() -> Mini.readAll(ENGINE.open(Mini.apples(Written.NOTHING, 500))));
    }

    assertThat(together(readers)).allMatch(read -> read.text().equals(expected));
  }

  @Test
  void countsTheTokensInsideACharacter() {
    String text = "a😀é漢b";

    assertThat(ENGINE.countTokens(text)).isEqualTo(11);
    Read read =
        Mini.readAll(ENGINE.open(Mini.apples(Written.text("Say 漢 and 😀: 漢😀漢😀漢😀漢"), 40)));

    assertThat(read.text()).doesNotContain("\uFFFD");
    assertThat(read.tokens()).isEqualTo(read.completion().usage().written());
  }

  @Test
  void manyCancelledStreamsLeaveAllSequencesFree() {
    for (int i = 0; i < 20; i++) {
      try (TokenStream stream = ENGINE.open(Mini.apples(Written.NOTHING, 500))) {
        stream.next();
      }
    }

    Read read = Mini.readAll(ENGINE.open(Mini.apples(Written.NOTHING, 500)));

    assertThat(read.completion().reason()).isEqualTo(StopReason.END_OF_TURN);
  }

  @Test
  void saysWhatItCanDo() {
    Capabilities can = ENGINE.capabilities();

    assertThat(can.sequences()).isEqualTo(3);
    assertThat(can.contextTokens()).isEqualTo(2048);
    assertThat(can.offer(Capability.CONTINUATION)).isTrue();
    assertThat(can.offer(Capability.EXACT_COUNTS)).isTrue();
    assertThat(can.offer(Capability.TOKEN_IDS)).isFalse();
  }

  @Test
  void refusesAWordThatIsTooLongAndStaysTheSameSeat() {
    long before = ENGINE.seatPid().orElse(0);
    ENGINE.countTokens("warm");
    long seat = ENGINE.seatPid().orElseThrow();

    assertThatThrownBy(
            () ->
                ENGINE.open(Mini.request("x".repeat(200_000), Written.NOTHING, Mini.GREEDY, 1, 5)))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessageContaining("100,000");
    assertThat(ENGINE.countTokens("x".repeat(90_000))).isPositive();
    assertThat(ENGINE.seatPid()).hasValue(seat);
    assertThat(before).isIn(0L, seat);
  }
}
