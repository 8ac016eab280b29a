package dev.ponder.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.pattern.DynamicConverter;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/// Whether the log shows content (`ponder.log.content`). One for the process, as its log is:
/// whoever translates a failure of a library asks here.
public final class LoggedContent
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  /// The word of the pattern by which Spring Boot writes exceptions.
  private static final String EXCEPTION = "wEx";

  private static volatile boolean shown;

  public static boolean isShown() {
    return shown;
  }

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    shown = event.getEnvironment().getProperty("ponder.log.content", Boolean.class, false);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      rules(context).put(EXCEPTION, QuietThrowables::new);
      context.getLoggerList().forEach(LoggedContent::readAnew);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Supplier<DynamicConverter<?>>> rules(LoggerContext context) {
    Object known = context.getObject(CoreConstants.PATTERN_RULE_REGISTRY_FOR_SUPPLIERS);
    if (known == null) {
      known = new HashMap<String, Supplier<DynamicConverter<?>>>();
      context.putObject(CoreConstants.PATTERN_RULE_REGISTRY_FOR_SUPPLIERS, known);
    }
    return (Map<String, Supplier<DynamicConverter<?>>>) known;
  }

  /// A pattern keeps the converters that it found when it was read.
  private static void readAnew(ch.qos.logback.classic.Logger logger) {
    for (Iterator<Appender<ILoggingEvent>> all = logger.iteratorForAppenders(); all.hasNext(); ) {
      if (all.next() instanceof OutputStreamAppender<ILoggingEvent> appender
          && appender.getEncoder() instanceof PatternLayoutEncoder encoder) {
        encoder.stop();
        encoder.start();
      }
    }
  }

  /// As soon as the log itself is set up.
  @Override
  public int getOrder() {
    return LoggingApplicationListener.DEFAULT_ORDER + 1;
  }
}
