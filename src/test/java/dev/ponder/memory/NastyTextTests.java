package dev.ponder.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ponder.compression.check.Calculation;
import dev.ponder.compression.check.FactCheck;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// No text that a model can write is too much for what reads it. How long it takes is measured by
/// `bench/run growth`.
class NastyTextTests {

  private static final int LENGTH = 320_000;

  /// A quarter of what a thread of the service has.
  private static final int STACK = 256 * 1024;

  @ParameterizedTest
  @EnumSource
  void isReadOnASmallStack(NastyText kind) throws Exception {
    String text = kind.of(LENGTH);

    assertThat(
            thrownBy(
                () -> {
                  FactCheck.finished("", text);
                  Calculation.in(Wording.plain(text));
                  Vocabulary.of(text);
                }))
        .isNull();
  }

  @ParameterizedTest
  @EnumSource
  void isCheckedOnASmallStack(NastyText kind) throws Exception {
    String text = kind.of(LENGTH / 32);

    assertThat(
            thrownBy(
                () -> {
                  FactCheck.finished(text, text).check(text).objections();
                  FactCheck.unfinished(text, text.lines().toList()).check(text).objections();
                  FactCheck.unfinished(text, List.of()).check("7").objections();
                }))
        .isNull();
  }

  @ParameterizedTest
  @EnumSource(
      value = NastyText.class,
      names = {"NUMBERS", "NEGATIONS", "ONE_WORD", "SUMS", "LABELS"})
  void whoIsInterruptedReadsNoFurther(NastyText kind) {
    String text = kind.of(LENGTH);

    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(() -> FactCheck.finished(text, text));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'a number of more digits than are calculated with', %s",
    "'and one that is scaled', '%s million'",
    "'and a range', '%s-%s'"
  })
  void longNumbersAreComparedAsTheyAreWritten(String what, String form) {
    String digits = "1234567890".repeat(350);
    String text = form.replace("%s", digits);

    assertThat(FactCheck.finished("", text).check(text).objections()).as(what).isEmpty();
    assertThat(FactCheck.finished("", text).check(form.replace("%s", digits + "1")).passed())
        .isFalse();
  }

  @Test
  void whatASentenceSaysIsShownInBrief() {
    String sentence = "No cat may see " + "a very large and friendly dog or ".repeat(1000);

    var findings = FactCheck.finished("", sentence).check("A dog.");

    assertThat(findings.objections()).allSatisfy(line -> assertThat(line).hasSizeLessThan(400));
  }

  private static Throwable thrownBy(Runnable work) throws InterruptedException {
    var thrown = new AtomicReference<Throwable>();
    var thread =
        new Thread(
            null,
            () -> {
              try {
                work.run();
              } catch (Throwable failure) {
                thrown.set(failure);
              }
            },
            "small-stack",
            STACK);
    thread.start();
    thread.join();
    return thrown.get();
  }
}
