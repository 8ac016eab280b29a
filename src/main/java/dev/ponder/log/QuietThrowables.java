package dev.ponder.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Set;

/// Writes an exception with its stack, and with its message only where that cannot have content in
/// it. A library quotes what it was given: a number that is none, a text that does not parse.
final class QuietThrowables extends ThrowableProxyConverter {

  /// The JVM's own messages name types and numbers; messages of the database lost their values at
  /// the connection; our own sentences are written with care.
  private static final Set<String> SPOKEN =
      Set.of(
          "java.lang.NullPointerException",
          "java.lang.IndexOutOfBoundsException",
          "java.lang.ArrayIndexOutOfBoundsException",
          "java.lang.StringIndexOutOfBoundsException",
          "java.lang.NegativeArraySizeException",
          "java.lang.ClassCastException",
          "java.lang.ArrayStoreException",
          "java.lang.OutOfMemoryError",
          "java.lang.InterruptedException",
          "java.net.ConnectException",
          "java.net.BindException",
          "java.net.UnknownHostException",
          "java.util.ConcurrentModificationException",
          "java.util.NoSuchElementException");

  private static final String[] SPOKEN_PACKAGES = {
    "dev.ponder.",
    "java.sql.",
    "java.nio.file.",
    "org.springframework.beans.",
    "java.lang.Link",
    "java.lang.NoSuch",
    "java.lang.NoClassDef"
  };

  private static final int CAUSES = 20;

  @Override
  protected String throwableProxyToString(IThrowableProxy failure) {
    if (LoggedContent.isShown()) {
      return System.lineSeparator() + super.throwableProxyToString(failure);
    }
    var text = new StringBuilder(System.lineSeparator());
    IThrowableProxy each = failure;
    for (int depth = 0; each != null && depth < CAUSES; depth++) {
      if (depth > 0) {
        text.append("Caused by: ");
      }
      head(text, each);
      StackTraceElementProxy[] frames = each.getStackTraceElementProxyArray();
      int common = each.getCommonFrames();
      for (int i = 0; i < frames.length - common; i++) {
        text.append('\t').append(frames[i].getSTEAsString()).append(System.lineSeparator());
      }
      if (common > 0) {
        text.append("\t... ").append(common).append(" more").append(System.lineSeparator());
      }
      each = each.getCause();
    }
    return text.toString();
  }

  private static void head(StringBuilder text, IThrowableProxy failure) {
    String message = failure.getMessage();
    text.append(failure.getClassName());
    if (message != null && !message.isEmpty()) {
      text.append(": ");
      if (isSpoken(failure.getClassName())) {
        text.append(message);
      } else {
        text.append(message.length())
            .append(" characters that can repeat content (ponder.log.content shows them)");
      }
    }
    text.append(System.lineSeparator());
  }

  private static boolean isSpoken(String type) {
    if (SPOKEN.contains(type)) {
      return true;
    }
    for (String each : SPOKEN_PACKAGES) {
      if (type.startsWith(each)) {
        return true;
      }
    }
    return false;
  }
}
