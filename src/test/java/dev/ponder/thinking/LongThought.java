package dev.ponder.thinking;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.GenerationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A scripted thought that is longer than its model's context, with facts planted all along. What
/// it answers in the end is what it can still see then: in its prompt or in its recent text.
public final class LongThought {

  public static final String PIPELINE = "long";

  private static final Pattern FACT = Pattern.compile("the code of Gate G(\\d+) is (\\d+)");
  private static final Pattern STATED =
      Pattern.compile("Fact \\d+: the code of Gate G\\d+ is \\d+\\.");

  private final String text;
  private final Map<String, String> codes = new ConcurrentHashMap<>();
  private final List<String> missingTold = new java.util.concurrent.CopyOnWriteArrayList<>();
  private volatile Predicate<GenerationRequest> forgetful = request -> false;

  /// @param lines of about 20 scripted tokens each
  /// @param every so many lines a fact is planted
  public LongThought(int lines, int every) {
    var all = new StringBuilder();
    for (int line = 1; line <= lines; line++) {
      if (line % every == 0) {
        int number = line / every;
        String code = String.valueOf(4000 + 37 * number % 5000);
        codes.put(String.valueOf(number), code);
        all.append("Fact %d: the code of Gate G%d is %s.\n".formatted(number, number, code));
      } else {
        all.append("Line %d looks at the case once more and finds nothing.\n".formatted(line));
      }
    }
    text = all.toString();
  }

  /// Leaves a fact out of the summaries that match.
  LongThought forgetsIn(Predicate<GenerationRequest> requests) {
    forgetful = requests;
    return this;
  }

  public String text() {
    return text;
  }

  public Map<String, String> codes() {
    return Map.copyOf(codes);
  }

  /// What summaries were told that earlier ones lacked.
  List<String> missingTold() {
    return List.copyOf(missingTold);
  }

  public static Capabilities context(int tokens) {
    return Capabilities.of(
        6,
        tokens,
        Capability.CONTINUATION,
        Capability.TOKEN_IDS,
        Capability.EXACT_COUNTS,
        Capability.CANCELLATION,
        Capability.REPRODUCIBLE);
  }

  /// The codes that a conclusion lists.
  public static Map<String, String> codesIn(String text) {
    return FACT.matcher(text)
        .results()
        .collect(
            Collectors.toMap(
                match -> match.group(1), match -> match.group(2), (one, other) -> one));
  }

  /// The turn of the engine.
  public String turn(GenerationRequest request) {
    String system = request.conversation().system();
    if (system.contains("compression")) {
      return summary(request);
    }
    if (!system.contains("exploration")) {
      return "It is clear.\n</think>\n\n" + ScriptedTurns.conclusion(request, Map.of(), "13");
    }
    String written = request.written().text();
    int closed = written.indexOf("</think>");
    String thought = closed < 0 ? written : written.substring(0, closed);
    int at = thought.isEmpty() ? 0 : text.indexOf(thought);
    String rest = closed >= 0 || at < 0 ? "" : text.substring(at + thought.length());
    String seen = request.conversation().user() + "\n" + thought + rest;
    return thought + rest + "</think>\n\n" + conclusion(seen);
  }

  private static String conclusion(String seen) {
    String facts =
        FACT.matcher(seen)
            .results()
            .map(MatchResult::group)
            .distinct()
            .collect(Collectors.joining("; "));
    return "Seen: %s.\nAnswer: 13".formatted(facts);
  }

  private String summary(GenerationRequest request) {
    String asked = request.conversation().user();
    int told = asked.indexOf("Missing:\n");
    if (told >= 0) {
      missingTold.add(asked.substring(told));
    }
    Set<String> facts = new LinkedHashSet<>();
    STATED.matcher(asked).results().forEach(match -> facts.add(match.group()));
    List<String> some = new ArrayList<>(facts);
    if (forgetful.test(request) && !some.isEmpty()) {
      some.removeLast();
    }
    return "I keep the facts.\n</think>\n\nKey: " + String.join(" ", some);
  }

  /// The pipeline `mini` with room for long thoughts, and one branch.
  ///
  /// @param thinking tokens of the exploration's thinking
  /// @param conclusion tokens of its conclusion
  public static void pipeline(Path folder, int thinking, int conclusion) throws IOException {
    String mini = Files.readString(Path.of("stage-configs", "mini.yaml"));
    String exploration =
        mini.substring(mini.indexOf("  deep_exploration:"), mini.indexOf("  synthesis:"));
    String one =
        exploration
            .replace("maxTokens: 512", "maxTokens: " + (thinking + conclusion))
            .replace("conclusionTokens: 96", "conclusionTokens: " + conclusion)
            .replace("branches: 3", "branches: 1");
    String compression =
        """
        compression:
          temperature: 0.5
          maxTokens: 2000
          conclusionTokens: 1500
          system: "Stage: compression. Keep only the key results."
          user: |-
            {{thought}}
            {{#missing}}

            Missing:
            {{missing}}
            {{/missing}}
          reads:
            insights: '^(Key: *.*)$'
          keeps: '^(?:Key: )?(Fact .+)$'
        """;
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(PIPELINE + ".yaml"),
        mini.substring(0, mini.indexOf("compression:"))
                .replace(exploration, one)
                .replace("maxThinkingTokens: 416", "maxThinkingTokens: " + thinking)
            + compression);
  }
}
