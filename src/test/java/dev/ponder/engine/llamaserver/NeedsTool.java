package dev.ponder.engine.llamaserver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Tests that need something that a script of `tools/` fetches.
abstract class NeedsTool implements ExecutionCondition {
  private static final boolean REQUIRED =
      "required".equals(System.getProperty("llama-server.tests"));

  private final Tool tool;

  NeedsTool(Tool tool) {
    this.tool = tool;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String why = tool.missing();
    if (why == null) {
      return ConditionEvaluationResult.enabled(tool.what + " is ready");
    }
    if (REQUIRED) {
      throw new AssertionError("Tests with %s are required. %s".formatted(tool.what, why));
    }
    return ConditionEvaluationResult.disabled(why);
  }

  /// One script, which is called once in each process.
  static final class Tool {
    private final String what;
    private final List<String> command;
    private boolean asked;
    private String said = "";
    private @Nullable String missing;

    Tool(String what, String script, String... arguments) {
      this.what = what;
      this.command = new ArrayList<>(List.of(Path.of("tools", script).toAbsolutePath().toString()));
      command.addAll(List.of(arguments));
    }

    /// What it printed.
    String said() {
      String why = missing();
      if (why != null) {
        throw new AssertionError(why);
      }
      return said;
    }

    private synchronized @Nullable String missing() {
      if (!asked) {
        asked = true;
        missing = run();
        if (missing != null && !REQUIRED) {
          System.err.println("Tests with %s are left out. %s".formatted(what, missing));
        }
      }
      return missing;
    }

    private @Nullable String run() {
      try {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        said = new String(process.getInputStream().readAllBytes()).strip();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        return ended && process.exitValue() == 0 ? null : said;
      } catch (IOException e) {
        return command.getFirst() + " cannot be run: " + e.getMessage();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "interrupted";
      }
    }
  }
}
