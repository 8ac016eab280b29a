package dev.ponder.journal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.stereotype.Component;

/// Knows who waits for a database that takes no writes: connections lost, none free, its disk full.
/// Says so once when it begins, once when it ends, and in the health of the service meanwhile.
@Component("journal")
public class DatabaseTrouble implements HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(DatabaseTrouble.class);

  private final InstantSource time;
  private final JournalSettings settings;
  private final Set<Object> waiting = new HashSet<>();
  private @Nullable Instant since;
  private String cause = "";

  public DatabaseTrouble(InstantSource time, JournalSettings settings) {
    this.time = time;
    this.settings = settings;
  }

  /// Whether the same write may succeed later. A mistake in the statement or its data will not.
  static boolean passes(RuntimeException failure) {
    return !(failure instanceof DataIntegrityViolationException)
        && !(failure instanceof InvalidDataAccessResourceUsageException)
        && !(failure instanceof InvalidDataAccessApiUsageException);
  }

  /// `who` waits until it can write.
  synchronized void begins(Object who, RuntimeException failure) {
    cause = reason(failure);
    if (since == null) {
      since = time.instant();
      log.warn(
          "The database takes no writes ({}). Thoughts go on, up to {} tokens each, and are written when it is back",
          cause,
          settings.unwrittenMax());
    }
    waiting.add(who);
  }

  /// `who` has written what it had, or has given up.
  synchronized void ends(Object who) {
    if (waiting.remove(who) && waiting.isEmpty() && since != null) {
      log.info(
          "The database takes writes again after {} s",
          Duration.between(since, time.instant()).toSeconds());
      since = null;
    }
  }

  @Override
  public synchronized Health health() {
    if (since == null) {
      return Health.up().build();
    }
    return Health.down()
        .withDetail("what", "The database takes no writes. Nothing that was written is lost.")
        .withDetail("cause", cause)
        .withDetail("since", since.toString())
        .withDetail("writersWaiting", waiting.size())
        .withDetail("next", "Bring the database back: running thoughts go on by themselves.")
        .build();
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null
        ? root.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
