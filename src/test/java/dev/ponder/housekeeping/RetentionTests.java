package dev.ponder.housekeeping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.JobCommands;
import dev.ponder.job.JobIntake;
import dev.ponder.job.JobSlice;
import dev.ponder.job.RecurringWork;
import dev.ponder.job.Submission;
import dev.ponder.job.TestTime;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(
    classes = {JobSlice.class, Retention.class},
    properties = {
      JobSlice.FRESH_DATA,
      "ponder.retention.delete-after=7d",
      "ponder.retention.every=24h",
      "ponder.retention.batch=3"
    })
@EnableConfigurationProperties(RetentionSettings.class)
class RetentionTests {

  @Autowired JobIntake intake;
  @Autowired JobCommands desk;
  @Autowired TestTime time;
  @Autowired JdbcClient jdbc;
  @Autowired RecurringWork retention;

  @AfterEach
  void empty() {
    jdbc.sql("delete from job").update();
  }

  @Test
  void jobsThatHaveBeenOverForLongAreDeletedAndNoOthers() {
    UUID waiting = submitted();
    IntStream.range(0, 7).forEach(i -> desk.cancel(submitted()));
    time.advance(Duration.ofDays(6));
    UUID over = submitted();
    desk.cancel(over);
    time.advance(Duration.ofDays(2));

    retention.work().run();

    assertThat(jdbc.sql("select id from job").query(UUID.class).list())
        .containsExactlyInAnyOrder(waiting, over);
  }

  private UUID submitted() {
    time.advance(Duration.ofSeconds(1));
    return intake.accept(Submission.of("Why?"), null).job().id();
  }
}
