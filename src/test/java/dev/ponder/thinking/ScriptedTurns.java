package dev.ponder.thinking;

import dev.ponder.engine.GenerationRequest;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a scripted engine writes in the five stages of the pipeline `mini`.
public final class ScriptedTurns {

  private static final String CONCLUDING = "All in all: ";

  private ScriptedTurns() {}

  static Function<GenerationRequest, String> answering(String value) {
    return request -> thought(conclusion(request, Map.of(), value));
  }

  /// The same with thoughts of one sentence.
  public static Function<GenerationRequest, String> briefly(String value) {
    return request -> "It is clear.\n</think>\n\n" + conclusion(request, Map.of(), value);
  }

  /// Thoughts that end with what they conclude, and summaries of them that keep it. The stage
  /// `compression` can be given another conclusion.
  static Function<GenerationRequest, String> compressible(String value) {
    return request -> {
      if (isCompression(request)) {
        String user = request.conversation().user();
        int from = user.lastIndexOf(CONCLUDING);
        String kept = from < 0 ? value : user.substring(from + CONCLUDING.length()).strip();
        return "It is short.\n</think>\n\nKey: " + kept;
      }
      String conclusion = conclusion(request, Map.of(), value);
      return thought(conclusion)
          .replace("\n</think>", "\n" + CONCLUDING + conclusion.replace("\n", " ") + "\n</think>");
    };
  }

  public static boolean isCompression(GenerationRequest request) {
    return request.conversation().system().startsWith("Stage: compression");
  }

  static Function<GenerationRequest, String> turns(Map<String, String> conclusions) {
    return request -> thought(conclusion(request, conclusions, "13"));
  }

  static String thought(String conclusion) {
    return IntStream.rangeClosed(1, 20)
            .mapToObj(i -> "This is step %d of it.".formatted(i))
            .collect(Collectors.joining("\n"))
        + "\n</think>\n\n"
        + conclusion;
  }

  static String rambling(int words) {
    return IntStream.range(0, words)
        .mapToObj(i -> "word" + i * 7 % 997 + (i % 12 == 11 ? ".\n" : " "))
        .collect(Collectors.joining());
  }

  static String conclusion(GenerationRequest request, Map<String, String> own, String value) {
    String stage = request.conversation().system().split("[ .]")[1];
    if (own.containsKey(stage)) {
      return own.get(stage);
    }
    return switch (stage) {
      case "analysis" -> "Known: a fact.\nAsked: a number.\nPlan: count.";
      case "exploration" -> "Answer: " + value;
      case "synthesis" -> "Candidate: " + value;
      case "verification" -> "Verdict: correct\nAnswer: %s\nConfidence: 0.97".formatted(value);
      default -> {
        String user = request.conversation().user();
        int at = user.indexOf("Verified answer: ");
        yield at < 0
            ? "I cannot say."
            : "The answer is %s.".formatted(user.substring(at + 17).lines().findFirst().orElse(""));
      }
    };
  }
}
