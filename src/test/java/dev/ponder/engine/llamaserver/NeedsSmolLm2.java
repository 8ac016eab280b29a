package dev.ponder.engine.llamaserver;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;

/// Tests with SmolLM2-135M, which `tools/smollm2` fetches; left out or required as those with
/// [NeedsLlamaServer].
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsSmolLm2.Condition.class)
public @interface NeedsSmolLm2 {

  /// Fetches it once for all tests of this process.
  final class Condition extends NeedsTool {
    private static final Tool TOOL = new Tool("SmolLM2-135M", "smollm2");

    public Condition() {
      super(TOOL);
    }

    /// The model's file.
    public static Path file() {
      return Path.of(TOOL.said());
    }
  }
}
