package dev.ponder.housekeeping;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.AutodetectJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import dev.ponder.job.LeaseSettings;
import dev.ponder.job.RecurringWork;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Has all [RecurringWork] done, each by one node at a time: db-scheduler, on the table
/// `recurring_work`. Work of a node that died in it is taken up by another. Where there is no such
/// work, nothing is started and nothing polled.
@Component
class Housekeeping implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

  private final DataSource source;
  private final List<RecurringWork> work;
  private final LeaseSettings lease;
  private final HousekeepingSettings settings;
  private @Nullable Scheduler scheduler;

  Housekeeping(
      DataSource source,
      List<RecurringWork> work,
      LeaseSettings lease,
      HousekeepingSettings settings) {
    this.source = source;
    this.work = work;
    this.lease = lease;
    this.settings = settings;
  }

  @Override
  public void start() {
    if (work.isEmpty()) {
      return;
    }
    Scheduler made =
        Scheduler.create(source, List.of())
            .startTasks(work.stream().map(Housekeeping::task).toList())
            .tableName("recurring_work")
            .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
            .threads(settings.threads())
            .pollingInterval(settings.poll())
            .heartbeatInterval(lease.heartbeat())
            .missedHeartbeatsLimit(settings.missedHeartbeats())
            .shutdownMaxWait(settings.stopWithin())
            .jdbcCustomization(new AutodetectJdbcCustomization(source, true))
            .failureLogging(LogLevel.WARN, false)
            .build();
    made.start();
    scheduler = made;
  }

  private static RecurringTask<Void> task(RecurringWork work) {
    return Tasks.recurring(work.name(), new LaterAtFirst(work.every()))
        .execute((instance, context) -> work.work().run());
  }

  @Override
  public void stop() {
    Scheduler running = scheduler;
    scheduler = null;
    if (running != null) {
      running.stop();
      log.debug("Housekeeping has stopped");
    }
  }

  @Override
  public boolean isRunning() {
    return scheduler != null;
  }

  /// The first time comes after one interval as well: a service that has just started has jobs to
  /// go on with.
  private record LaterAtFirst(Duration every) implements Schedule {
    @Override
    public Instant getInitialExecutionTime(Instant now) {
      return now.plus(every);
    }

    @Override
    public Instant getNextExecutionTime(ExecutionComplete before) {
      return before.getTimeDone().plus(every);
    }

    @Override
    public boolean isDeterministic() {
      return false;
    }
  }
}
