package dev.ponder.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.ponder.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class QuietThrowablesTests {

  private static final String SECRET = "canary of a prompt";

  @Test
  void aLibrarysMessageIsNotWrittenButItsKindAndPlaceAre() {
    String written =
        written(new IllegalStateException("on the way", new NumberFormatException(SECRET)));

    assertThat(written)
        .doesNotContain("canary")
        .contains("java.lang.IllegalStateException: 10 characters that can repeat content")
        .contains("Caused by: java.lang.NumberFormatException: 18 characters")
        .contains("\tat dev.ponder.log.QuietThrowablesTests.aLibrarysMessage");
  }

  @Test
  void whatTheJvmSaysOfItsOwnIsWritten() {
    assertThat(written(new NullPointerException("because \"x\" is null")))
        .contains("java.lang.NullPointerException: because \"x\" is null");
  }

  @Test
  void aChainThatIsACircleEnds() {
    var first = new IllegalStateException(SECRET);
    first.initCause(new IllegalStateException(SECRET, first));

    assertThat(written(first)).doesNotContain("canary");
  }

  @Test
  void whatAServerSaidIsNoPartOfALoggedSentence() {
    EngineException refused =
        new EngineException.Unavailable(
                "The server of model m cannot answer now: status 500 (bad input: " + SECRET + ").",
                null)
            .quoting("bad input: " + SECRET);
    var around = new EngineException.Unavailable(refused.getMessage() + " Twice.", refused);

    assertThat(refused.logged())
        .isEqualTo(
            "The server of model m cannot answer now: status 500 ([29 characters of the server's]).");
    assertThat(around.logged()).doesNotContain("canary").endsWith(" Twice.");
  }

  private static String written(Throwable failure) {
    var converter = new QuietThrowables();
    converter.start();
    var logger = (Logger) LoggerFactory.getLogger("a logger");
    return converter.convert(
        new LoggingEvent("here", logger, Level.ERROR, "It failed", failure, null));
  }
}
