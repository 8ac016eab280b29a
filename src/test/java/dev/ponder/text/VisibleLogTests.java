package dev.ponder.text;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.ponder.hostile.TerminalAttack;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A record of the log cannot be forged by what it tells.
class VisibleLogTests {

  private static final String FORGED = "x\n2026-01-01T00:00:00.000Z INFO  Greeting: all is well";

  @BeforeAll
  static void setUp() {
    new VisibleLog().onApplicationEvent(null);
  }

  @Test
  void aMessageIsOneLine() {
    String record = record("%-5p: %m%n%trace", FORGED + TerminalAttack.all(), null);

    assertThat(record.lines()).hasSize(1);
    assertThat(record).matches(TerminalAttack::isHarmless).contains("x\\n2026");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%m%n%trace", "%msg%n%ex", "%message%n%throwable", "%X{who} %m%n%trace"})
  void whatAnExceptionSaysStandsApart(String pattern) {
    var failure =
        new IllegalStateException(
            FORGED + TerminalAttack.all(), new IllegalArgumentException("\r\n" + FORGED));
    failure.addSuppressed(new RuntimeException(FORGED));

    String record = record("%-5p: " + pattern, "It failed.", failure);

    assertThat(record).matches(TerminalAttack::isHarmless);
    assertThat(record.lines().skip(1)).allMatch(line -> line.startsWith("    "));
    assertThat(record).contains("IllegalStateException", "VisibleLogTests");
  }

  private static String record(String pattern, String message, @Nullable Throwable failure) {
    var context = new LoggerContext();
    var layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern(pattern);
    layout.start();
    var event =
        new LoggingEvent(
            "self", context.getLogger("server"), Level.WARN, "{}", failure, new Object[] {message});
    event.setMDCPropertyMap(Map.of("who", FORGED));
    return layout.doLayout(event);
  }
}
