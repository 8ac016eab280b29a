package dev.ponder.journal;

import java.util.concurrent.CancellationException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionException;

/// Whose fault a failure is, where one piece of work after another is done.
public final class Fault {

  private Fault() {}

  /// Whether a failure belongs to the one thought or job that was worked on, so that the work goes
  /// on with the next. A database that is away, an interrupt and a machine without memory meet all
  /// of them.
  public static boolean isOfOne(Throwable failure) {
    return switch (failure) {
      case StackOverflowError tooDeep -> true;
      case VirtualMachineError ofTheProcess -> false;
      case CancellationException interrupted -> false;
      case DataIntegrityViolationException refused -> true;
      case DataAccessException database -> false;
      case TransactionException database -> false;
      default -> true;
    };
  }

  /// What a person is told of a failure: its kind and the place in our code. Messages can have
  /// content in them.
  public static String named(Throwable failure) {
    for (StackTraceElement frame : failure.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.ponder.")) {
        String type = frame.getClassName();
        return "%s at %s:%d"
            .formatted(
                failure.getClass().getSimpleName(),
                type.substring(type.lastIndexOf('.') + 1),
                frame.getLineNumber());
      }
    }
    return failure.getClass().getSimpleName();
  }
}
