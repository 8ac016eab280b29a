package dev.ponder.job.web;

import dev.ponder.job.JobCommands;
import dev.ponder.job.JobStatus;
import dev.ponder.text.Nearest;
import dev.ponder.web.Cursor;
import dev.ponder.web.Page;
import dev.ponder.web.Problem;
import dev.ponder.web.ProblemType;
import dev.ponder.web.Refusal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The list of jobs that a client asked for: which statuses, and from where.
record JobList(Set<JobStatus> statuses, JobCommands.@Nullable Position after) {

  /// @throws Refusal for a status that is unknown, or a cursor that does not belong to this list
  static JobList of(@Nullable List<String> asked, @Nullable String cursor) {
    Set<JobStatus> statuses = statuses(asked);
    String place = Cursor.place(name(statuses), cursor);
    return new JobList(statuses, place == null ? null : position(place));
  }

  Page<ListedJobView> page(JobCommands desk, JobViews views, int limit) {
    JobCommands.Listed found = desk.list(statuses, after, limit);
    String next = found.next() == null ? null : Cursor.at(name(statuses), place(found.next()));
    return new Page<>(views.of(found.jobs()), next);
  }

  private static Set<JobStatus> statuses(@Nullable List<String> asked) {
    if (asked == null || asked.isEmpty()) {
      return EnumSet.allOf(JobStatus.class);
    }
    var statuses = EnumSet.noneOf(JobStatus.class);
    asked.forEach(key -> statuses.add(JobStatus.of(key).orElseThrow(() -> unknown(key))));
    return statuses;
  }

  private static Refusal unknown(String status) {
    List<String> known = Arrays.stream(JobStatus.values()).map(JobStatus::key).toList();
    String suggestion = Nearest.question(status, known);
    return new Refusal(
        Problem.of(
                ProblemType.INVALID_REQUEST,
                "There is no status '%s'.%s Accepted: %s."
                    .formatted(status, suggestion, String.join(", ", known)))
            .field("status")
            .found(status)
            .accepted(known));
  }

  private static String name(Set<JobStatus> statuses) {
    return "jobs " + statuses;
  }

  private static String place(JobCommands.Position last) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, last.createdAt()) + "/" + last.id();
  }

  private static JobCommands.Position position(String place) {
    try {
      String[] parts = place.split("/", 2);
      Instant at = Instant.EPOCH.plus(Long.parseLong(parts[0]), ChronoUnit.MICROS);
      return new JobCommands.Position(at, UUID.fromString(parts[1]));
    } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
      throw new Refusal(
          Problem.of(ProblemType.INVALID_CURSOR, "The cursor is not one that this list handed out.")
              .field("cursor")
              .next("Leave cursor out to begin anew."));
    }
  }
}
