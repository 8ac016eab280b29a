package dev.ponder.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Who may write to which job. All times are the database's, so that clocks of several nodes need
/// not agree.
@Component
public class JobLeases {

  private static final String RUNNING = HeldJob.STATUS;
  private static final String QUEUED = Transition.target(Signal.ACCEPT);
  private static final String PAUSED = Transition.target(Signal.PAUSE);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final LeaseSettings settings;

  JobLeases(JdbcClient jdbc, TransactionTemplate transaction, LeaseSettings settings) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.settings = settings;
  }

  /// Claims up to `limit` jobs: first running ones whose owner is dead and paused ones that have to
  /// answer within `reserve`, then queued ones, oldest first. Each claim raises the job's epoch.
  public List<Claim> claim(String owner, int limit, Duration reserve) {
    return transaction.execute(
        status -> {
          List<Found> free = new ArrayList<>(overdue(limit, reserve));
          if (free.size() < limit) {
            free.addAll(queued(limit - free.size()));
          }
          return claimed(free, owner);
        });
  }

  /// Claims up to `limit` jobs that wait, queued or paused, and whose deadline is nearer than
  /// `late`, the nearest first.
  public List<Claim> claimLate(String owner, int limit, Duration late) {
    return transaction.execute(
        status ->
            claimed(
                jdbc.sql(
                        """
                        select id, status, stage from job
                        where status in (%s, %s)
                          and deadline < current_timestamp + cast(:late as double precision) * interval '1' second
                        order by deadline
                        limit :limit
                        for update skip locked
                        """
                            .formatted(QUEUED, PAUSED))
                    .param("late", seconds(late))
                    .param("limit", limit)
                    .query(JobLeases::found)
                    .list(),
                owner));
  }

  /// A lease that is longer than any is of a time before the database's clock was put back: a
  /// living owner renews it with the next heartbeat.
  ///
  /// The statuses are named by themselves first: without that an index is of no use, and every job
  /// there ever was is looked at for each claim.
  private List<Found> overdue(int limit, Duration reserve) {
    return jdbc.sql(
            """
            select id, status, stage from job
            where status in (%1$s, %2$s)
              and ((status = %1$s and (lease_until is null or lease_until < current_timestamp or lease_until > current_timestamp + 2 * cast(:seconds as double precision) * interval '1' second))
                or (status = %2$s and deadline < current_timestamp + cast(:reserve as double precision) * interval '1' second))
            order by created_at
            limit :limit
            for update skip locked
            """
                .formatted(RUNNING, PAUSED))
        .param("reserve", seconds(reserve))
        .param("seconds", seconds(settings.deadAfter()))
        .param("limit", limit)
        .query(JobLeases::found)
        .list();
  }

  private List<Found> queued(int limit) {
    return jdbc.sql(
            """
            select id, status, stage from job where status = %s order by created_at limit :limit
            for update skip locked
            """
                .formatted(QUEUED))
        .param("limit", limit)
        .query(JobLeases::found)
        .list();
  }

  /// A job that may be claimed, and the row of the table by which.
  private record Found(UUID id, Transition by) {}

  private static Found found(ResultSet row, int number) throws SQLException {
    String stage = row.getString("stage");
    var from = Phase.of(JobStatus.valueOf(row.getString("status")), stage);
    return new Found(row.getObject("id", UUID.class), Transition.claim(from, Phase.stage(stage)));
  }

  /// A job that was made a minute or more from now was made before the clock was put back. Its
  /// deadline moves with the clock, so that it gets no more time than it was promised.
  private List<Claim> claimed(List<Found> found, String owner) {
    if (found.isEmpty()) {
      return List.of();
    }
    Map<UUID, Transition> by = found.stream().collect(Collectors.toMap(Found::id, Found::by));
    jdbc.sql(
            """
            update job
            set epoch = epoch + 1, owner = :owner, status = %s, paused_because = null, %s,
              deadline = case when created_at > current_timestamp + interval '1' minute
                then current_timestamp + (deadline - created_at) else deadline end,
              lease_until = current_timestamp + cast(:seconds as double precision) * interval '1' second
            where id in (:ids)
            """
                .formatted(RUNNING, Waiting.OVER))
        .param("owner", owner)
        .param("seconds", seconds(settings.deadAfter()))
        .param("ids", by.keySet())
        .update();
    return jdbc
        .sql("select id, epoch from job where id in (:ids) order by created_at")
        .param("ids", by.keySet())
        .query(JobLeases::lease)
        .list()
        .stream()
        .map(lease -> new Claim(lease, by.get(lease.job())))
        .toList();
  }

  private static Lease lease(ResultSet row, int number) throws SQLException {
    return new Lease(row.getObject("id", UUID.class), row.getLong("epoch"));
  }

  /// Renews the leases that `owner` still holds, and answers those of `held` that it has lost: to
  /// another owner, or because the job was cancelled, deleted or is over.
  public Set<Lease> renew(String owner, Collection<Lease> held) {
    if (held.isEmpty()) {
      return Set.of();
    }
    List<UUID> ids = held.stream().map(Lease::job).toList();
    jdbc.sql(
            """
            update job set lease_until = current_timestamp + cast(:seconds as double precision) * interval '1' second
            where owner = :owner and status = %s and id in (:ids)
            """
                .formatted(RUNNING))
        .param("seconds", seconds(settings.deadAfter()))
        .param("owner", owner)
        .param("ids", ids)
        .update();
    var lost = new HashSet<>(held);
    jdbc.sql(
            "select id, epoch from job where owner = :owner and id in (:ids) and status = "
                + RUNNING)
        .param("owner", owner)
        .param("ids", ids)
        .query(JobLeases::lease)
        .list()
        .forEach(lost::remove);
    return lost;
  }

  /// Whether another owner has claimed the job since.
  public boolean isReplaced(Lease lease) {
    return jdbc.sql(
                "select count(*) from job where id = :id and epoch > :epoch and status <> "
                    + Transition.target(Signal.CANCEL))
            .param("id", lease.job())
            .param("epoch", lease.epoch())
            .query(Long.class)
            .single()
        > 0;
  }

  /// Ends all leases. Right only where no other process can be writing, as with an H2 file: it is
  /// locked by the process that has it open, so whoever held a lease before is gone.
  public int endAll() {
    return jdbc.sql("update job set lease_until = null, owner = null where status = " + RUNNING)
        .update();
  }

  /// The job as the holder of its lease may change it.
  public HeldJob held(Lease lease) {
    return new HeldJob(jdbc, lease);
  }

  /// With their fraction: a lease of half a second is not one of none.
  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
