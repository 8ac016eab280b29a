package dev.ponder.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ponder.yaml.FileMistakes;
import dev.ponder.yaml.FileMistakes.Mistake;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each kind of mistake, with the line a person reads.
class PipelineMistakesTests {

  private static final String FACTS =
      "prompt, analysis, earlier, branches, synthesis, candidate, verification, verified,"
          + " confidence, revisit, branch, branchCount, mode, angle, metacognition,"
          + " uncertaintyQuantification, alternativeConsideration, assumptionChecking,"
          + " selfReflection, errorCorrection, confidenceAssessment, progressiveRevelation";
  private static final String STAGE_KEYS =
      "temperature, maxTokens, conclusionTokens, mode, system, user, reads";
  private static final String SWITCHES =
      "metacognition, uncertaintyQuantification, alternativeConsideration, assumptionChecking,"
          + " selfReflection, errorCorrection, confidenceAssessment, progressiveRevelation";

  @TempDir Path folder;
  private String mini;

  @BeforeEach
  void readMini() throws Exception {
    mini = Files.readString(Path.of("stage-configs/mini.yaml"));
  }

  /// One change in mini.yaml and the message it causes.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        // wrong type
        "temperature: 0.6|temperature: hot|line 49, stages.synthesis.temperature: found 'hot', accepted: a number from 0 to 2",
        "temperature: 0.6|temperature: \"0.6\"|line 49, stages.synthesis.temperature: found text '0.6', accepted: a number from 0 to 2",
        "temperature: 0.6|temperature:|line 49, stages.synthesis.temperature: found nothing, accepted: a number from 0 to 2",
        "temperature: 0.6|temperature: .nan|line 49, stages.synthesis.temperature: found '.nan', accepted: a number from 0 to 2",
        "topK: 20|topK: 20.5|line 11, sampling.topK: found '20.5', accepted: a whole number from 0 to 1000000",
        "topK: 20|topK: [20]|line 11, sampling.topK: found a list, accepted: a whole number from 0 to 1000000",
        "errorCorrection: true|errorCorrection: yes|line 15, switches.errorCorrection: found 'yes', accepted: true or false",
        "closing: The|closing: [The]#|line 7, closing: found a list, accepted: one line of 1 to 200 characters",
        "system: \"Stage: synthesis|system: 3 #|line 52, stages.synthesis.system: found '3', accepted: text of 1 to 20000 characters",
        // out of range
        "temperature: 0.6|temperature: 2.1|line 49, stages.synthesis.temperature: found '2.1', accepted: a number from 0 to 2",
        "topP: 0.95|topP: 0|line 10, sampling.topP: found '0', accepted: a number above 0, up to 1",
        "minP: 0|minP: -0.1|line 12, sampling.minP: found '-0.1', accepted: a number from 0 to 1",
        "timeoutSeconds: 1800|timeoutSeconds: 1801|line 5, timeoutSeconds: found '1801', accepted: a whole number from 10 to 1800",
        "branches: 3|branches: 0|line 31, stages.deep_exploration.branches: found '0', accepted: a whole number from 1 to 8",
        "maxThinkingTokens: 416|maxThinkingTokens: 1e99999|line 6, maxThinkingTokens: found '1e99999', accepted: a whole number from 16 to 262144",
        "description: Five|description: \"\"#|line 4, description: found empty text, accepted: one line of 1 to 500 characters",
        // missing
        "timeoutSeconds: 1800|#|line 1, timeoutSeconds: found nothing, accepted: a whole number from 10 to 1800",
        "branches: 3|#|line 27, stages.deep_exploration.branches: found nothing, accepted: a whole number from 1 to 8",
        "  candidate: '|  #|line 61, stages.synthesis.reads: found nothing, accepted: a mapping of answer, candidate, verdict, confidence",
        "  verdict: '|  #|line 75, stages.verification.reads.verdict: found nothing, accepted: text of 1 to 500 characters",
        // regular expressions
        "'^Candidate: *(.+)$'|'^Candidate: *(.+$'|line 62, stages.synthesis.reads.candidate: found '^Candidate: *(.+$' (Unclosed group), accepted: a regular expression with exactly one group",
        "'^Candidate: *(.+)$'|'^Candidate: *.+$'|line 62, stages.synthesis.reads.candidate: found '^Candidate: *.+$' with 0 groups, accepted: a regular expression with exactly one group",
        "'^Candidate: *(.+)$'|'(a)(b)'|line 62, stages.synthesis.reads.candidate: found '(a)(b)' with 2 groups, accepted: a regular expression with exactly one group",
        "answers: notation|answers: fuzzy|line 105, answers: found 'fuzzy', accepted: exact, notation, judged",
        "answers: notation|answers: [exact]|line 105, answers: found a list, accepted: one line of 1 to 20 characters",
        "answers: notation|asks: {conclusion: '{{line}}'}|line 105, asks.conclusion: found {{line}}, which no template knows (nearest: prompt), accepted: prompt, thought",
        "abstains: '(?i)|abstains: '(|line 107, abstains: found '(^\\W*unknown\\W*$' (Unclosed group), accepted: a regular expression",
        // across keys
        "temperature: 0.6@maxTokens: 512|temperature: 0.6@maxTokens: 96|line 51, stages.synthesis.conclusionTokens: found 96, accepted: less than maxTokens, which is 96",
        "system: \"Stage: synthesis|mode: calm@system: \"Stage: synthesis|line 52, stages.synthesis.mode: found 'calm', but the stage's prompt does not change with it, accepted: no mode, or a template with {{mode}}",
        "branches: 3|branches: 3@angles: [one]|line 32, stages.deep_exploration.angles: found a list, but the stage's prompt does not change with it, accepted: no angles, or a template with {{angle}}"
      })
  void isToldWithItsLine(String from, String to, String message) {
    String source = mini.replace(from.replace("@", "\n    "), to.replace("@", "\n    "));

    assertThat(messages(source)).containsExactly("mini, " + message);
  }

  @Test
  void anUnknownKeyIsToldWithTheNearestKnownOne() {
    String source = mini.replace("temperature: 0.6", "temprature: 0.6");

    assertThat(messages(source))
        .containsExactly(
            "mini, line 48, stages.synthesis.temperature: found nothing, accepted: a number from 0"
                + " to 2",
            "mini, line 49, stages.synthesis.temprature: found 'temprature', which is no key here"
                + " (nearest: temperature), accepted: "
                + STAGE_KEYS);
  }

  @Test
  void branchesOutsideOfExplorationAreUnknown() {
    String source = mini.replace("temperature: 0.6", "temperature: 0.6\n    branches: 2");

    assertThat(messages(source))
        .containsExactly(
            "mini, line 50, stages.synthesis.branches: found 'branches', which is no key here"
                + " (nearest: reads), accepted: "
                + STAGE_KEYS);
  }

  @Test
  void anUnknownStageAndTheMissingOneAreTold() {
    String source = mini.replace("  synthesis:", "  syntesis:");

    assertThat(messages(source))
        .containsExactly(
            "mini, line 19, stages.synthesis: found nothing, accepted: a mapping of " + STAGE_KEYS,
            "mini, line 48, stages.syntesis: found 'syntesis', which is no stage here (nearest:"
                + " synthesis), accepted: initial_analysis, deep_exploration, synthesis,"
                + " verification, final_output");
  }

  @Test
  void anUnknownSwitchIsTold() {
    String source = mini.replace("errorCorrection:", "error-correction:");

    assertThat(messages(source))
        .containsExactly(
            "mini, line 15, switches.error-correction: found 'error-correction', which is no switch"
                + " here (nearest: errorCorrection), accepted: "
                + SWITCHES);
  }

  @Test
  void aSwitchThatChangesNothingIsTold() {
    String source = mini.replace("switches:\n", "switches:\n  metacognition: true\n");

    assertThat(messages(source))
        .containsExactly(
            "mini, line 15, switches.metacognition: found true, but no prompt changes with it,"
                + " accepted: false, or a template with a section {{#metacognition}}");
  }

  @Test
  void confidenceThatNobodyReadsIsTold() {
    String source = mini.replace("      confidence: '", "      #");

    assertThat(messages(source))
        .containsExactly(
            "mini, line 16, switches.confidenceAssessment: found true, but nothing reads a stated"
                + " confidence, accepted: false, or a pattern stages.verification.reads.confidence");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{canditate}}|{{canditate}}, which no template knows (nearest: candidate)",
        "{{{canditate}}}|{{canditate}}, which no template knows (nearest: candidate)",
        "{{#canditate}}x{{/canditate}}|{{canditate}}, which no template knows (nearest: candidate)",
        "{{prompt.length}}|{{prompt.length}}, which no template knows (nearest: branches)",
        "{{number}}|{{number}}, which no template knows (nearest: prompt)",
        "{{.}}|{{.}}, which no template knows (nearest: mode)"
      })
  void anUnknownFactIsToldWithItsOwnLine(String tag, String found) {
    String source = mini.replace("Candidate: {{candidate}}", tag);

    List<String> messages = messages(source);

    assertThat(messages)
        .singleElement()
        .satisfies(
            message ->
                assertThat(message.replaceAll("nearest: \\w+", "nearest: "))
                    .isEqualTo(
                        "mini, line 73, stages.verification.user: found "
                            + found.replaceAll("nearest: \\w+", "nearest: ")
                            + ", accepted: "
                            + FACTS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{#analysis}}|line 74|{{/candidate}}|{{/analysis}}",
        "{{/analysis}}|line 73|{{/analysis}}|{{/candidate}}",
        "{{>other}}|line 73|{{>other}}|variables, sections and comments",
        "{{=<% %>=}}|line 73|{{=<% %>=}}|variables, sections and comments"
      })
  void aBrokenTemplateIsTold(String tag, String line, String found, String accepted) {
    String source = mini.replace("Candidate: {{candidate}}", tag);

    assertThat(messages(source))
        .containsExactly(
            "mini, %s, stages.verification.user: found %s, accepted: %s"
                .formatted(line, found, accepted));
  }

  @Test
  void branchesInsideOfBranchesAreTold() {
    String source =
        mini.replace("Branch {{number}}", "Branch {{#branches}}{{number}}{{/branches}}");

    assertThat(messages(source))
        .singleElement()
        .asString()
        .startsWith(
            "mini, line 58, stages.synthesis.user: found {{branches}}, which no template knows");
  }

  @Test
  void sectionsInEachOtherHaveALimit() {
    String source =
        mini.replace(
            "Candidate: {{candidate}}", "{{#mode}}".repeat(8) + "x" + "{{/mode}}".repeat(8));

    assertThat(messages(source))
        .containsExactly(
            "mini, line 73, stages.verification.user: found deeper sections, accepted: at most 8"
                + " sections in each other");
  }

  @Test
  void aSectionWithoutItsEndIsTold() {
    String source = mini.replace("      {{/verified}}", "");

    assertThat(messages(source))
        .containsExactly(
            "mini, line 87, stages.final_output.user: found section verified without its end,"
                + " accepted: {{/verified}}");
  }

  @Test
  void everyMistakeIsToldAtOnceInTheOrderOfLines() {
    String source =
        mini.replace("topK: 20", "topK: many")
            .replace("temperature: 0.6", "temperature: hot")
            .replace("{{verified}}", "{{verifed}}")
            .replace("timeoutSeconds: 1800", "timeout: 1800");

    assertThat(refusal(source).mistakes())
        .extracting(Mistake::key)
        .containsExactly(
            "timeoutSeconds",
            "timeout",
            "sampling.topK",
            "stages.synthesis.temperature",
            "stages.final_output.user");
  }

  @Test
  void aKeyCanBeThereOnce() {
    assertThat(messages(mini + "closing: Twice.\n"))
        .singleElement()
        .asString()
        .endsWith("closing: found the key a second time, accepted: each key once");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|mini, line 1, the file: found nothing, accepted: a mapping of keys to values",
        "[a]|mini, line 1, the file: found a list, accepted: a mapping of keys to values",
        "a: b: c|mini, line 1, the file: found broken YAML (mapping values are not allowed here), accepted: a YAML document",
        "? [a]@: b|mini, line 1, the file: found a list as a key, accepted: description, timeoutSeconds, maxThinkingTokens, closing, sampling, switches, asks, answers, abstains, stages, compression"
      })
  void aFileThatIsNoPipelineIsTold(String source, String message) {
    assertThat(messages(source.replace("@", "\n"))).contains(message);
  }

  @Test
  void limitsHoldBeforeATreeIsMade() {
    String deep = "a: " + "[".repeat(100_000);
    String bomb =
        "a: &a [x, x]\n"
            + "b: &b ["
            + "*a, ".repeat(12)
            + "x]\n"
            + "c: ["
            + "*b, ".repeat(12)
            + "x]\n";
    String large = "#" + "x".repeat(300_000);

    assertThat(messages(deep))
        .containsExactly(
            "mini, line 1, the file: found deeper nesting, accepted: at most 16 values in each"
                + " other");
    assertThat(messages(bomb)).singleElement().asString().contains("aliases");
    assertThat(messages(large))
        .containsExactly("mini, the file: found 300002 bytes, accepted: at most 262144 bytes");
  }

  @Test
  void bytesThatAreNoTextAreToldWithTheirLine() throws Exception {
    byte[] broken = "description: x\nclosing: \u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve("latin.yaml"), broken);

    FileMistakes refused = startedIn(folder);

    assertThat(refused)
        .hasMessage(
            file + ", line 2, the file: found bytes that are not UTF-8, accepted: text in UTF-8");
  }

  @Test
  void twoFilesWithOneNameAreTold() throws Exception {
    Path first = Files.writeString(folder.resolve("own.yaml"), mini);
    Path second = Files.writeString(folder.resolve("own.yml"), mini);

    FileMistakes refused = startedIn(folder);

    assertThat(refused)
        .hasMessage(
            "%s, the file: found the name 'own', which %s has too, accepted: one file for each pipeline name",
            second, first);
  }

  @Test
  void aFileNameThatNoJobCouldAskForIsTold() throws Exception {
    Path file = Files.writeString(folder.resolve("My Own.yaml"), mini);

    FileMistakes refused = startedIn(folder);

    assertThat(refused)
        .hasMessageStartingWith(file + ", the file: found the name 'My Own', accepted: a name of");
  }

  @Test
  void aFolderThatIsNotThereIsTold() {
    FileMistakes refused = startedIn(folder.resolve("none"));

    assertThat(refused)
        .hasMessageStartingWith(folder.resolve("none") + ", ponder.pipelines-folder: found '")
        .hasMessageEndingWith("which is no folder that can be read, accepted: a readable folder");
  }

  @Test
  void mistakesOfAllFilesAreToldTogether() throws Exception {
    Path one = Files.writeString(folder.resolve("one.yaml"), mini.replace("topK: 20", "topK: a"));
    Path two = Files.writeString(folder.resolve("two.yaml"), mini.replace("minP: 0", "minP: b"));

    FileMistakes refused = startedIn(folder);

    assertThat(refused)
        .hasMessage(
            "%s, line 11, sampling.topK: found 'a', accepted: a whole number from 0 to 1000000\n%s, line 12, sampling.minP: found 'b', accepted: a number from 0 to 1",
            one, two);
  }

  private static FileMistakes startedIn(Path folder) {
    return catchThrowableOfType(
        FileMistakes.class, () -> new YamlPipelines(new PipelineSettings(folder.toString())));
  }

  private List<String> messages(String source) {
    return refusal(source).mistakes().stream().map(Mistake::toString).toList();
  }

  private FileMistakes refusal(String source) {
    Pipelines pipelines = new YamlPipelines(new PipelineSettings("stage-configs"));
    return catchThrowableOfType(FileMistakes.class, () -> pipelines.parse("mini", source));
  }
}
