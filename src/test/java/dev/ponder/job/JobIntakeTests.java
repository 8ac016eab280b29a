package dev.ponder.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.job.JobProblem.InvalidSubmission;
import dev.ponder.job.JobProblem.KeyReused;
import dev.ponder.job.JobProblem.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;

@SpringBootTest(
    classes = JobSlice.class,
    properties = {JobSlice.FRESH_DATA, "ponder.jobs.waiting-max=30"})
@RecordApplicationEvents
class JobIntakeTests {

  private static final int TOGETHER = 12;

  @Autowired JobIntake intake;
  @Autowired JobCommands desk;
  @Autowired TestTime time;
  @Autowired JdbcClient jdbc;
  @Autowired ApplicationEvents events;

  @AfterEach
  void empty() {
    jdbc.sql("delete from job").update();
  }

  @Test
  void anAcceptedJobIsStoredAndAnnounced() {
    Job job = intake.accept(Submission.of("Why?"), null).job();

    Job found = desk.find(job.id());

    assertThat(found.prompt()).isEqualTo("Why?");
    assertThat(found.status()).isEqualTo(JobStatus.QUEUED);
    assertThat(found.seed()).isEqualTo(7);
    assertThat(found.createdAt()).isEqualTo(job.createdAt());
    assertThat(found.deadline().at()).isEqualTo(time.instant().plus(Duration.ofMinutes(30)));
    assertThat(events.stream(JobAccepted.class)).containsExactly(new JobAccepted(job.id()));
  }

  @Test
  void aJobKnowsTheKeyThatItCameWith() {
    Job job = intake.accept(Submission.of("Why?"), null, "alice").job();
    Job open = intake.accept(Submission.of("Why?"), null).job();

    assertThat(desk.find(job.id()).createdBy()).contains("alice");
    assertThat(desk.find(open.id()).createdBy()).isEmpty();
  }

  @Test
  void whatIsRefusedIsNotStored() {
    assertThatThrownBy(() -> intake.accept(asking("Why?", "maxi", Map.of()), "key"))
        .isInstanceOf(InvalidSubmission.class);

    assertThat(jobs()).isZero();
    assertThat(events.stream(JobAccepted.class)).isEmpty();
  }

  @Test
  void aKeyIsTheSameJobHoweverItsMetadataIsOrdered() {
    var first = intake.accept(asking("Why?", null, Map.of("a", "1", "b", "2", "c", "3")), "key");

    var again = intake.accept(asking("Why?", null, Map.of("c", "3", "b", "2", "a", "1")), "key");

    assertThat(again.replayed()).isTrue();
    assertThat(again.job().id()).isEqualTo(first.job().id());
    assertThat(events.stream(JobAccepted.class)).hasSize(1);
  }

  @Test
  void aKeyWithAnotherPayloadIsRefused() {
    intake.accept(Submission.of("Why?"), "key");

    assertThatThrownBy(() -> intake.accept(Submission.of("Why not?"), "key"))
        .isInstanceOf(KeyReused.class);
  }

  @Test
  void aKeyIsFreeAgainOnceItsJobIsDeleted() {
    Job first = intake.accept(Submission.of("Why?"), "key").job();
    desk.delete(first.id());

    var second = intake.accept(Submission.of("Why not?"), "key");

    assertThat(second.replayed()).isFalse();
  }

  @Test
  void requestsThatRaceWithOneKeyMakeOneJob() throws Exception {
    List<JobIntake.Accepted> all = together(() -> intake.accept(Submission.of("Why?"), "raced"));

    assertThat(all)
        .extracting(accepted -> accepted.job().id())
        .containsOnly(all.getFirst().job().id());
    assertThat(all).filteredOn(accepted -> !accepted.replayed()).hasSize(1);
    assertThat(jobs()).isOne();
    assertThat(events.stream(JobAccepted.class)).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void requestsThatRaceWithOneKeyAndOtherPayloadsMakeOneJobToo() throws Exception {
    List<Object> all =
        together(
            () -> {
              try {
                return intake.accept(
                    Submission.of("Why, " + Thread.currentThread().threadId()), "raced");
              } catch (KeyReused refused) {
                return refused;
              }
            });

    assertThat(all).filteredOn(JobIntake.Accepted.class::isInstance).hasSize(1);
    assertThat(all).filteredOn(KeyReused.class::isInstance).hasSize(TOGETHER - 1);
    assertThat(jobs()).isOne();
  }

  @Test
  void aFullQueueRefusesAndSaysAgainstWhichLimit() {
    IntStream.range(0, 30).forEach(i -> intake.accept(Submission.of("Why?"), null));

    assertThatThrownBy(() -> intake.accept(Submission.of("Why?"), null))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.problem().limit()).isEqualTo(30L);
              assertThat(refused.problem().headers().getFirst("Retry-After")).matches("[1-9]\\d*");
            })
        .hasMessageContaining("30 jobs are waiting and the limit is 30");
  }

  private static Submission asking(String prompt, String pipeline, Map<String, String> metadata) {
    return new Submission(prompt, pipeline, null, null, null, metadata);
  }

  private long jobs() {
    return jdbc.sql("select count(*) from job").query(Long.class).single();
  }

  private static <T> List<T> together(Callable<T> call) throws Exception {
    var start = new CyclicBarrier(TOGETHER);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          IntStream.range(0, TOGETHER)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            start.await(30, TimeUnit.SECONDS);
                            return call.call();
                          }))
              .toList();
      var results = new java.util.ArrayList<T>();
      for (var result : running) {
        results.add(result.get(60, TimeUnit.SECONDS));
      }
      return results;
    }
  }
}
