package dev.ponder.engine.llamaserver;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Tests against a real llama-server. Where there is none to be had they are left out, and one line
/// says why; with `-Dllama-server.tests=required`, as `.ci/run` sets it, they fail instead.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsLlamaServer.Condition.class)
public @interface NeedsLlamaServer {

  /// Makes the server's environment once for all tests of this process.
  final class Condition implements ExecutionCondition {
    private static final boolean REQUIRED =
        "required".equals(System.getProperty("llama-server.tests"));

    private static boolean asked;
    private static @Nullable String missing;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String why = missing();
      if (why == null) {
        return ConditionEvaluationResult.enabled("tools/llama-server is ready");
      }
      if (REQUIRED) {
        throw new AssertionError("Tests against a real llama-server are required. " + why);
      }
      return ConditionEvaluationResult.disabled(why);
    }

    private static synchronized @Nullable String missing() {
      if (!asked) {
        asked = true;
        missing = prepare();
        if (missing != null && !REQUIRED) {
          System.err.println("Tests against a real llama-server are left out. " + missing);
        }
      }
      return missing;
    }

    private static @Nullable String prepare() {
      try {
        Process process =
            new ProcessBuilder(LocalServer.SCRIPT.toString(), "--prepare")
                .redirectErrorStream(true)
                .directory(Path.of("").toAbsolutePath().toFile())
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        return ended && process.exitValue() == 0 ? null : said;
      } catch (IOException e) {
        return "tools/llama-server cannot be run: " + e.getMessage();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "interrupted";
      }
    }
  }
}
