package dev.ponder.text;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.MDCConverter;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.DynamicConverter;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/// A record of the log is a line that nobody else can write: messages are [Visible] on one line,
/// and the lines of a stack trace stand apart, so that what a server answers is never read as a
/// record. Holds for every pattern, because it takes the place of logback's own words, from before
/// the log is set up.
public final class VisibleLog implements ApplicationListener<ApplicationStartingEvent> {

  private static final String APART = "    ";

  @Override
  public void onApplicationEvent(ApplicationStartingEvent start) {
    words(Message::new, "m", "msg", "message");
    words(Context::new, "X", "mdc");
    words(Trace::new, "trace", "ex", "exception", "throwable");
  }

  private static void words(Supplier<DynamicConverter> converter, String... words) {
    for (String word : words) {
      PatternLayout.DEFAULT_CONVERTER_SUPPLIER_MAP.put(word, converter);
    }
  }

  static final class Message extends MessageConverter {
    @Override
    public String convert(ILoggingEvent event) {
      return Visible.line(String.valueOf(super.convert(event)));
    }
  }

  static final class Context extends MDCConverter {
    @Override
    public String convert(ILoggingEvent event) {
      return Visible.line(super.convert(event));
    }
  }

  /// Also apart: the lines of an exception's message.
  static final class Trace extends ThrowableProxyConverter {
    @Override
    public String convert(ILoggingEvent event) {
      return super.convert(event)
          .lines()
          .map(line -> APART + Visible.text(line) + '\n')
          .collect(Collectors.joining());
    }
  }
}
