package dev.ponder.engine.llamaserver;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Tests against a real llama-server. Where there is none to be had they are left out, and one line
/// says why; with `-Dllama-server.tests=required`, as `.ci/run` sets it, they fail instead.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsLlamaServer.Condition.class)
public @interface NeedsLlamaServer {

  /// Makes the server's environment once for all tests of this process.
  final class Condition extends NeedsTool {
    private static final Tool TOOL = new Tool("a real llama-server", "llama-server", "--prepare");

    public Condition() {
      super(TOOL);
    }
  }
}
