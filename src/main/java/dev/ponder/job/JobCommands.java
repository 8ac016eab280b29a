package dev.ponder.job;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// What a client can do with a job once it is accepted.
@Component
public class JobCommands {

  /// Later than any job: where a list begins.
  private static final Instant END_OF_TIME = Instant.parse("9999-01-01T00:00:00Z");

  private static final UUID LAST_ID = new UUID(-1L, -1L);

  private static final Pattern ID =
      Pattern.compile(
          "\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

  private static final int LONGEST_SHOWN = 50;

  /// Ten seconds on H2, after which a frozen owner's session is ended on PostgreSQL too.
  private static final int TRIES = 5;

  private final Jobs jobs;
  private final InstantSource time;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final JobArchive archive;

  JobCommands(
      Jobs jobs,
      JobArchive archive,
      InstantSource time,
      TransactionTemplate transaction,
      ApplicationEventPublisher events) {
    this.jobs = jobs;
    this.time = time;
    this.transaction = transaction;
    this.events = events;
    this.archive = archive;
  }

  /// @throws JobProblem.UnknownJob if there is none
  public Job find(UUID id) {
    return jobs.findById(id).orElseThrow(() -> new JobProblem.UnknownJob(id.toString()));
  }

  /// The same for an id as a client wrote it; an ill-formed one names no job.
  ///
  /// @throws JobProblem.UnknownJob if there is none
  public Job find(String id) {
    return find(parsed(id));
  }

  /// @throws JobProblem.UnknownJob for an ill-formed id
  public static UUID parsed(String id) {
    // UUID.fromString alone would take "1-1-1-1-1" too.
    if (!ID.matcher(id).matches()) {
      throw new JobProblem.UnknownJob(
          id.length() <= LONGEST_SHOWN ? id : id.substring(0, LONGEST_SHOWN) + "…");
    }
    return UUID.fromString(id);
  }

  /// The newest jobs that are older than `after`.
  ///
  /// @param statuses which to list, at least one
  /// @param after the last job of the page before, or null for the first page
  public Listed list(Collection<JobStatus> statuses, @Nullable Position after, int limit) {
    Position from = after == null ? new Position(END_OF_TIME, LAST_ID) : after;
    // One more than asked for tells whether there is a next page.
    List<ListedJob> found = jobs.page(statuses, from.createdAt(), from.id(), Limit.of(limit + 1));
    if (found.size() <= limit) {
      return new Listed(found, null);
    }
    ListedJob last = found.get(limit - 1);
    return new Listed(found.subList(0, limit), new Position(last.createdAt(), last.id()));
  }

  /// @param next where the next page begins, or null after the last one
  public record Listed(List<ListedJob> jobs, @Nullable Position next) {}

  /// A place in the list of jobs by age.
  public record Position(Instant createdAt, UUID id) {}

  /// Ends a job that is not over. Cancelling twice is harmless.
  ///
  /// @throws JobProblem.UnknownJob if there is none
  /// @throws JobProblem.WrongStatus if it is completed or failed
  public Job cancel(UUID id) {
    Job job =
        patiently(
            () -> {
              Job found = locked(id);
              found.cancel(time.instant());
              return found;
            });
    events.publishEvent(new JobWithdrawn(id));
    return job;
  }

  /// Puts a paused job back into the queue.
  ///
  /// @throws JobProblem.UnknownJob if there is none
  /// @throws JobProblem.WrongStatus if it is not paused
  public Job resume(UUID id) {
    Job job =
        patiently(
            () -> {
              Job found = locked(id);
              found.resume();
              return found;
            });
    events.publishEvent(new JobAccepted(id));
    return job;
  }

  /// Takes what a job thought out of the archive, for a while at least. Harmless for a job that is
  /// not there.
  ///
  /// @throws JobProblem.UnknownJob if there is none
  /// @throws JobProblem.StorageFull if there is no room for it
  public Job restore(UUID id) {
    if (find(id).archivedAt().isPresent()) {
      archive.restore(id);
    }
    return find(id);
  }

  /// Deletes a job and all it owns; one that runs is stopped.
  ///
  /// @throws JobProblem.UnknownJob if there is none
  public void delete(UUID id) {
    patiently(
        () -> {
          int removed = jobs.remove(id);
          if (removed == 0) {
            throw new JobProblem.UnknownJob(id.toString());
          }
          return removed;
        });
    events.publishEvent(new JobWithdrawn(id));
  }

  /// What a person decided about a job waits for whoever holds its row just now, and wins: a run
  /// writes a line, the archive puts it away. H2 waits for two seconds each time, PostgreSQL until
  /// the other is done.
  private <T> T patiently(Supplier<T> change) {
    for (int tries = 1; ; tries++) {
      try {
        return transaction.execute(status -> change.get());
      } catch (ConcurrencyFailureException | QueryTimeoutException locked) {
        if (tries == TRIES) {
          throw locked;
        }
      }
    }
  }

  private Job locked(UUID id) {
    return jobs.lock(id).orElseThrow(() -> new JobProblem.UnknownJob(id.toString()));
  }
}
