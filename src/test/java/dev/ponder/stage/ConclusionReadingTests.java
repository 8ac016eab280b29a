package dev.ponder.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Conclusions are read as a person would read them, with the patterns of any pipeline.
class ConclusionReadingTests {

  private static final Pipelines PIPELINES =
      new YamlPipelines(new PipelineSettings("stage-configs"));

  static final List<String> THIRTEEN =
      List.of(
          "Answer: 13",
          "answer: 13",
          "ANSWER: 13",
          "Answer : 13",
          "Answer:13",
          "Answer：13",
          "Answer: 13\r\n",
          "**Answer:** 13",
          "**Answer: 13**",
          "**Answer**: 13",
          "Answer: **13**",
          "**Answer:** **13**",
          "***Answer: 13***",
          "*Answer:* 13",
          "_Answer:_ 13",
          "__Answer:__ 13",
          "Answer: *13*",
          "Answer: `13`",
          "`Answer: 13`",
          "> Answer: 13",
          "> **Answer:** 13",
          "- Answer: 13",
          "- **Answer:** 13",
          "3. **Answer:** 13",
          "### Answer: 13",
          "## Final Answer: 13",
          "Final answer: 13",
          "FINAL ANSWER: 13",
          "**Final Answer:** 13",
          "**Final Answer**: 13",
          "My answer: 13",
          "The final answer is: 13",
          "The answer: 13",
          "Answer = 13",
          "Answer:\n13",
          "Answer:\n\n13",
          "Answer:\n\n\n\n13\n",
          "**Answer:**\n13",
          "**Answer:**\n\n**13**",
          "**Final Answer**\n13",
          "**Final Answer**\n\n13",
          "### Answer\n13",
          "### Final Answer\n\n13",
          "# Final answer:\n> 13",
          "Answer:\n- 13",
          "Final Answer\n\n\\boxed{13}",
          "Answer: \\boxed{13}",
          "Answer: $\\boxed{13}$",
          "Answer: \\[ \\boxed{13} \\]",
          "Answer: \\[\n\\boxed{13}\n\\]",
          "Answer:\n\\[\n13\n\\]",
          "Answer:\n\n$$\n\\boxed{13}\n$$",
          "Answer: $13$",
          "Answer: \\(13\\)",
          "Answer:\n```\n13\n```",
          "Answer: <13>",
          "Answer: Answer: 13",
          "<answer>13</answer>",
          "\\textbf{Answer:} 13",
          "<b>Answer:</b> 13",
          "[Answer]: 13",
          "【Answer】：13",
          "The change is $\\boxed{13}$.",
          "\\boxed{13}",
          "\\[\n\\boxed{13}\n\\]",
          "So the answer is 13.",
          "Therefore, the final answer is **13**.",
          "Answer: 12\nNo, I forgot one.\n**Final Answer:** 13",
          "Answer:\nConfidence: 0.9\nAnswer: 13",
          "I thought about it.\n\n---\n\n**Answer:** 13\n\n---");

  @ParameterizedTest
  @FieldSource("THIRTEEN")
  void anAnswerIsReadHoweverItIsWritten(String conclusion) {
    for (Pipeline pipeline : PIPELINES.all()) {
      assertThat(pipeline.stage(Stage.DEEP_EXPLORATION).read("answer", conclusion))
          .as(pipeline.name())
          .hasValue("13");
      assertThat(pipeline.stage(Stage.VERIFICATION).read("answer", conclusion))
          .as(pipeline.name())
          .hasValue("13");
    }
  }

  @ParameterizedTest
  @FieldSource("THIRTEEN")
  void aCandidateIsReadTheSame(String conclusion) {
    String written =
        conclusion
            .replace("Answer", "Candidate")
            .replace("answer", "candidate")
            .replace("ANSWER", "CANDIDATE");

    for (Pipeline pipeline : PIPELINES.all()) {
      assertThat(pipeline.stage(Stage.SYNTHESIS).read("candidate", written)).hasValue("13");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "Verdict: correct, correct",
        "Verdict: Correct, correct",
        "Verdict: wrong, wrong",
        "Verdict: WRONG, wrong",
        "**Verdict:** correct, correct",
        "**Verdict: correct**, correct",
        "Verdict: **Correct**, correct",
        "Verdict: Incorrect, wrong",
        "Verdict: incorrect., wrong",
        "Verdict: not correct, wrong",
        "Verdict: The candidate is correct, correct",
        "Verdict: isn't right, wrong",
        "Verdict: right, correct",
        "Verdict: true, correct",
        "Verdict: false, wrong",
        "Verdict: ✓, correct",
        "Verdict: ✅ Correct, correct",
        "Verdict: ❌, wrong",
        "Verdict：correct, correct",
        "### Verdict\\ncorrect, correct",
        "Verdict:\\n\\nwrong, wrong",
        "Final verdict: valid, correct",
        "Verdict: partially correct, wrong"
      })
  void aVerdictIsReadByWhatItSays(String conclusion, String verdict) {
    for (Pipeline pipeline : PIPELINES.all()) {
      assertThat(
              pipeline
                  .stage(Stage.VERIFICATION)
                  .read("verdict", conclusion.replace("\\n", "\n"))
                  .map(String::toLowerCase))
          .as(pipeline.name())
          .hasValue(verdict);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Confidence: 0.97|0.97",
        "Confidence: 95%|0.95",
        "Confidence: 95 %|0.95",
        "Confidence: 95 percent|0.95",
        "Confidence: 0,95|0.95",
        "Confidence: .95|0.95",
        "Confidence: 9/10|0.9",
        "Confidence: 9 out of 10|0.9",
        "Confidence: 95|0.95",
        "Confidence: ~0.8|0.8",
        "Confidence: about 90%|0.9",
        "Confidence: high (0.9)|0.9",
        "**Confidence:** 0.90|0.9",
        "Confidence: **95%**|0.95",
        "Confidence：0.9|0.9",
        "Confidence level: 0.9|0.9",
        "Confidence: 1|1",
        "Confidence: 100%|1",
        "Confidence: 0|0"
      })
  void aConfidenceIsReadAsANumber(String conclusion, String confidence) {
    for (Pipeline pipeline : PIPELINES.all()) {
      assertThat(pipeline.stage(Stage.VERIFICATION).read("confidence", conclusion))
          .as(pipeline.name())
          .hasValueSatisfying(
              said ->
                  assertThat(Double.parseDouble(said)).isEqualTo(Double.parseDouble(confidence)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Confidence: high",
        "Confidence: 5",
        "Confidence: -0.5",
        "Confidence: 150%",
        "Confidence: 9/0",
        "Confidence: I checked 12 constraints",
        "Confidence:"
      })
  void whatIsNoProbabilityIsNotRead(String conclusion) {
    for (Pipeline pipeline : PIPELINES.all()) {
      assertThat(pipeline.stage(Stage.VERIFICATION).read("confidence", conclusion)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "I do not know how to begin.",
        "Answer:",
        "**Answer:**",
        "**Answer:** **",
        "Answer:\n\nConfidence: 0.9",
        "### Answer\n\n### Confidence",
        "The answer of branch 1 was 12.",
        "An answer is hard to find.",
        "\\boxed{13",
        "The answer is correct.",
        "So the answer is not what it seems.",
        "x = 13",
        "Candidate: 12"
      })
  void whatIsNoAnswerIsNotRead(String conclusion) {
    for (Pipeline pipeline : PIPELINES.all()) {
      assertThat(pipeline.stage(Stage.DEEP_EXPLORATION).read("answer", conclusion))
          .as(pipeline.name())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Answer: {2, 3, 5}|{2, 3, 5}",
        "Answer: 2*3 = 6|2*3 = 6",
        "Answer: 2**3|2**3",
        "Answer: a * b|a * b",
        "Answer: x_1|x_1",
        "Answer: $\\frac12$|$\\frac12$",
        "Answer: \\boxed{\\frac{1}{2}}|\\frac{1}{2}",
        "Answer: $5|$5",
        "Answer: 3 < 4|3 < 4",
        "Answer: -13|-13",
        "Answer: Answer the phone|Answer the phone",
        "Answer: 15:00|15:00",
        "Answer: x = 3|x = 3",
        "Answer: **13** coins|13 coins",
        "Answer:\\n- 2\\n- 3\\n- 5|2, 3, 5",
        "Answer:\\n\\[\\nx = \\frac{1}{2}\\n\\]|\\[x = \\frac{1}{2}\\]"
      })
  void aValueKeepsWhatIsItsOwn(String conclusion, String answer) {
    for (Pipeline pipeline : PIPELINES.all()) {
      assertThat(
              pipeline
                  .stage(Stage.DEEP_EXPLORATION)
                  .read("answer", conclusion.replaceAll("\\\\n(?=[-\\\\x])", "\n")))
          .as(pipeline.name())
          .hasValue(answer);
    }
  }

  @Test
  void theLabelsOfAnotherLanguageAreForgivenTheSame() {
    StageConfig stage = stage("^Antwort: *(.+)$");

    assertThat(stage.read("answer", "Antwort: 13")).hasValue("13");
    assertThat(stage.read("answer", "**Antwort：** 13")).hasValue("13");
    assertThat(stage.read("answer", "### Antwort:\n\n**13**")).hasValue("13");
    assertThat(stage.read("answer", "Das ist \\boxed{13}.")).hasValue("13");
  }

  @Test
  void aPatternForMarkupOrForSeveralLinesIsTakenAtItsWord() {
    assertThat(stage("^\\*\\*Result\\*\\* (.+)$").read("answer", "**Result** 13")).hasValue("13");
    assertThat(
            stage("(?s)<code>(.*?)</code>")
                .read("answer", "<code>\n  # answer: no\n  return 13\n</code>"))
        .hasValue("# answer: no\n  return 13");
  }

  @ParameterizedTest
  @ValueSource(strings = {"^.*.*.*.*!(.*)$", "(?:a+)+(b)", "(a*)*c"})
  @Timeout(20)
  void aPatternThatWouldRunForEverIsStoppedAndNamed(String pattern) {
    var reading = stage(pattern).reading("answer", "a".repeat(100_000));

    assertThat(reading.value()).isEmpty();
    assertThat(reading.stopped())
        .contains("stages.deep_exploration.reads.answer")
        .containsAnyOf("steps, the limit for 100000 characters", "stack");
  }

  @Test
  void aPatternThatOverflowsTheStackReadsNothing() {
    var reading = stage("((?:a|b)*)c").reading("answer", "ab".repeat(50_000));

    assertThat(reading.value()).isEmpty();
    assertThat(reading.stopped()).contains("stages.deep_exploration.reads.answer");
  }

  @Test
  void readingTakesTimeInProportionToTheConclusion() {
    for (String kind :
        List.of(
            "Answer:\n",
            "Answer:\n\\[\n",
            "**",
            "- Answer\n",
            "\\boxed{",
            "<answer>",
            "x ",
            "#",
            "* ",
            "13 ")) {
      String text = kind.repeat(320_000 / kind.length());
      for (Pipeline pipeline : PIPELINES.all()) {
        long began = System.nanoTime();
        pipeline.stage(Stage.DEEP_EXPLORATION).read("answer", text);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
            .as(kind)
            .isLessThan(Duration.ofSeconds(2));
      }
    }
  }

  private static StageConfig stage(String pattern) {
    return new StageConfig(
        Stage.DEEP_EXPLORATION,
        0.6,
        512,
        64,
        1,
        null,
        facts -> new Prompt("", ""),
        Map.of("answer", Pattern.compile(pattern, Pattern.MULTILINE)));
  }

  @Test
  void ofAStageThatDoesNotReadItNothingIsRead() {
    Optional<String> read = stage("^Answer: (.+)$").read("verdict", "Verdict: correct");

    assertThat(read).isEmpty();
  }
}
