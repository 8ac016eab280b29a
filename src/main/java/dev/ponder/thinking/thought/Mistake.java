package dev.ponder.thinking.thought;

import dev.ponder.engine.EngineException;
import dev.ponder.job.LeaseLost;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.time.TimeIsUp;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Something in Ponder went wrong that no part of it expects. It belongs to the thought or the
/// stage where it happened: that ends, with a sentence, and the job goes on. As an exception it has
/// been told already.
public final class Mistake extends RuntimeException {

  private static final Logger log = LoggerFactory.getLogger(Mistake.class);

  Mistake(String message) {
    super(message, null, false, false);
  }

  /// Whether this is a mistake, and not what can happen to any run.
  public static boolean is(Throwable thrown) {
    return switch (thrown) {
      case EngineException engine -> false;
      case RunStopped stopped -> false;
      case LeaseLost lost -> false;
      case TimeIsUp up -> false;
      case DataAccessException database -> false;
      case TransactionException database -> false;
      default -> !endsTheProcess(thrown);
    };
  }

  /// A virtual machine that has no memory left has to end; a stack that is too small for one text
  /// says nothing of the next.
  public static boolean endsTheProcess(Throwable thrown) {
    return thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError);
  }

  /// Logs it, and says it in a sentence without what anybody wrote.
  public static String told(ThoughtKey key, Throwable mistake) {
    return told("thought " + key.id(), mistake);
  }

  /// @param what it ended
  public static String told(String what, Throwable mistake) {
    if (mistake instanceof Mistake before) {
      return before.getMessage();
    }
    log.error("A mistake in Ponder ended {}", what, mistake);
    return "A mistake in Ponder ended %s (%s%s). The service's log has it."
        .formatted(what, mistake.getClass().getSimpleName(), place(mistake));
  }

  private static String place(Throwable mistake) {
    return Arrays.stream(mistake.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("dev.ponder."))
        .findFirst()
        .map(frame -> " in %s".formatted(frame.getClassName()))
        .orElse("");
  }
}
