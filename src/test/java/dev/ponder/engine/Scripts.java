package dev.ponder.engine;

import dev.ponder.engine.text.ThinkParser;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a scripted engine writes when a test gives it no script: a whole turn for each stage, with
/// conclusions of the shape that the embedded model's prompts ask for.
final class Scripts {

  /// Chooses by the system line, as the stages of the mini pipeline have it.
  static final Function<GenerationRequest, String> BY_SYSTEM_LINE =
      request -> turn(request.conversation().system());

  private Scripts() {}

  /// A thought of about `sentences` times ten tokens, and its conclusion.
  static String thought(int sentences, String conclusion) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= sentences; i++) {
      text.append("Step ").append(i).append(": I look at the numbers again 😀.\n");
    }
    return text.append(ThinkParser.CLOSING).append("\n\n").append(conclusion).toString();
  }

  /// What of the script is still to be written, given what the assistant has written already. A
  /// thought that was closed before the script closes it goes on with the script's conclusion.
  static String after(String written, String script) {
    if (script.startsWith(written)) {
      return script.substring(written.length());
    }
    ThinkParser.Split done = ThinkParser.split(written);
    if (!done.closed()) {
      return script.substring(Math.min(written.length(), script.length()));
    }
    String begun = done.conclusion().stripLeading();
    String conclusion = ThinkParser.split(script).conclusion().stripLeading();
    return conclusion.startsWith(begun) ? conclusion.substring(begun.length()) : "";
  }

  private static String turn(@Nullable String system) {
    String line = system == null ? "" : system.toLowerCase(Locale.ROOT);
    if (line.contains("analysis")) {
      return thought(
          4, "Known: 3 lemons, 5 pens, 60 coins.\nAsked: the change.\nPlan: add, subtract.");
    }
    if (line.contains("exploration")) {
      return thought(6, "Answer: 13");
    }
    if (line.contains("synthesis")) {
      return thought(3, "Candidate: 13");
    }
    if (line.contains("verification")) {
      return thought(3, "Verdict: correct\nAnswer: 13\nConfidence: 0.97");
    }
    if (line.contains("compression")) {
      return thought(2, "Key: 3 * 4 = 12; 5 * 7 = 35; 60 - 47 = 13.");
    }
    return thought(2, "The answer is 13.");
  }
}
