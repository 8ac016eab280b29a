package dev.ponder.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Keeps the warnings of the nodes out of the build's output, and takes what they call an error for
/// one: whatever a simulation does to a node, nothing of it is a mistake of Ponder.
final class Logs extends AppenderBase<ILoggingEvent> {

  private final Logger ponder = (Logger) LoggerFactory.getLogger("dev.ponder");
  private @Nullable Level levelBefore;
  private boolean additiveBefore;

  void begin() {
    levelBefore = ponder.getLevel();
    additiveBefore = ponder.isAdditive();
    ponder.setLevel(Level.ERROR);
    ponder.setAdditive(false);
    setContext(ponder.getLoggerContext());
    start();
    ponder.addAppender(this);
  }

  void end() {
    ponder.detachAppender(this);
    stop();
    ponder.setLevel(levelBefore);
    ponder.setAdditive(additiveBefore);
  }

  @Override
  protected void append(ILoggingEvent event) {
    Throwable cause =
        event.getThrowableProxy() instanceof ThrowableProxy proxy ? proxy.getThrowable() : null;
    boolean expected =
        cause instanceof DataAccessException
            || cause instanceof TransactionException
            || cause instanceof Killed;
    if (Baton.isSimulated() && !expected) {
      Baton.current()
          .baton
          .fail(new AssertionError("Logged: " + event.getFormattedMessage(), cause));
    }
  }
}
