package dev.ponder.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.job.JobProblem.UnknownJob;
import dev.ponder.job.JobProblem.WrongStatus;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;
import org.springframework.transaction.support.TransactionTemplate;

@SpringBootTest(classes = JobSlice.class, properties = JobSlice.FRESH_DATA)
@RecordApplicationEvents
class JobCommandsTests {

  @Autowired JobIntake intake;
  @Autowired JobCommands desk;
  @Autowired JobLeases leases;
  @Autowired TestTime time;
  @Autowired JdbcClient jdbc;
  @Autowired ApplicationEvents events;
  @Autowired TransactionTemplate transaction;

  @AfterEach
  void empty() {
    jdbc.sql("delete from job").update();
  }

  @ParameterizedTest
  @EnumSource(names = {"QUEUED", "RUNNING", "PAUSED"})
  void aJobThatIsNotOverIsCancelled(JobStatus status) {
    UUID id = jobIn(status);

    desk.cancel(id);

    assertThat(desk.find(id).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(desk.find(id).finishedAt()).contains(time.instant());
    assertThat(desk.find(id).pausedBecause()).isEmpty();
    assertThat(events.stream(JobWithdrawn.class)).containsExactly(new JobWithdrawn(id));
  }

  /// H2 gives a lock up after two seconds.
  @Test
  void whatAPersonDecidesWaitsForARowThatIsLockedAndWins() throws Exception {
    UUID cancelled = jobIn(JobStatus.RUNNING);
    UUID deleted = jobIn(JobStatus.RUNNING);
    UUID resumed = jobIn(JobStatus.PAUSED);
    var held = new CountDownLatch(1);
    var done = new CountDownLatch(3);
    Thread holder =
        Thread.ofPlatform()
            .start(
                () ->
                    transaction.executeWithoutResult(
                        status -> {
                          jdbc.sql("select id from job for update").query(UUID.class).list();
                          held.countDown();
                          assertThat(awaits(done, 2_300)).isFalse();
                        }));
    held.await();

    for (Runnable decision :
        List.<Runnable>of(
            () -> desk.cancel(cancelled), () -> desk.resume(resumed), () -> desk.delete(deleted))) {
      Thread.ofVirtual()
          .start(
              () -> {
                decision.run();
                done.countDown();
              });
    }

    assertThat(awaits(done, 20_000)).isTrue();
    holder.join();
    assertThat(desk.find(cancelled).status()).isEqualTo(JobStatus.CANCELLED);
    assertThat(desk.find(resumed).status()).isEqualTo(JobStatus.QUEUED);
    assertThatThrownBy(() -> desk.find(deleted)).isInstanceOf(UnknownJob.class);
  }

  private static boolean awaits(CountDownLatch latch, int millis) {
    try {
      return latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "FAILED"})
  void aJobThatIsOverIsNotCancelled(JobStatus status) {
    UUID id = jobIn(status);

    assertThatThrownBy(() -> desk.cancel(id)).isInstanceOf(WrongStatus.class);

    assertThat(desk.find(id).status()).isEqualTo(status);
    assertThat(events.stream(JobWithdrawn.class)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAUSED")
  void onlyAPausedJobIsResumed(JobStatus status) {
    UUID id = jobIn(status);

    assertThatThrownBy(() -> desk.resume(id))
        .isInstanceOfSatisfying(
            WrongStatus.class, wrong -> assertThat(wrong.problem().found()).isEqualTo(status.key()))
        .hasMessageContaining(status.key());
  }

  @Test
  void aResumedJobIsAnnouncedAndClaimable() {
    UUID id = jobIn(JobStatus.PAUSED);

    desk.resume(id);

    assertThat(events.stream(JobAccepted.class)).contains(new JobAccepted(id));
    assertThat(leases.claim("one", 1, Duration.ZERO))
        .extracting(claim -> claim.lease().job())
        .containsExactly(id);
  }

  @ParameterizedTest
  @EnumSource
  void aJobInAnyStatusIsDeleted(JobStatus status) {
    UUID id = jobIn(status);

    desk.delete(id);

    assertThatThrownBy(() -> desk.find(id)).isInstanceOf(UnknownJob.class);
    assertThatThrownBy(() -> desk.delete(id)).isInstanceOf(UnknownJob.class);
  }

  @Test
  void jobsOfTheSameInstantAreListedOnceEach() {
    List<UUID> ids =
        java.util.stream.IntStream.range(0, 7)
            .mapToObj(i -> intake.accept(Submission.of("Why?"), null).job().id())
            .toList();

    var found = new java.util.ArrayList<UUID>();
    JobCommands.Position after = null;
    for (int page = 0; page < 4; page++) {
      JobCommands.Listed jobs = desk.list(EnumSet.allOf(JobStatus.class), after, 2);
      jobs.jobs().forEach(job -> found.add(job.id()));
      after = jobs.next();
    }

    assertThat(after).isNull();
    assertThat(found).containsExactlyElementsOf(ids.reversed());
  }

  @Test
  void aListCarriesTheBeginningsOfPromptsAndNoHalfCharacter() {
    List<String> prompts = List.of("Why?", "why ".repeat(25_000), "y".repeat(199) + "🦉 and so on");
    prompts.forEach(prompt -> intake.accept(Submission.of(prompt), null));

    List<String> listed =
        desk.list(EnumSet.allOf(JobStatus.class), null, 3).jobs().stream()
            .map(ListedJob::promptBegins)
            .toList()
            .reversed();

    assertThat(listed.getFirst()).isEqualTo("Why?");
    assertThat(listed.get(1)).isEqualTo("why ".repeat(50));
    assertThat(listed.get(2)).isIn("y".repeat(199), "y".repeat(199) + "🦉");
  }

  private UUID jobIn(JobStatus status) {
    UUID id = intake.accept(Submission.of("Why?"), null).job().id();
    switch (status) {
      case QUEUED -> {}
      case RUNNING -> run(job -> {});
      case PAUSED -> run(job -> job.pause("The engine is away."));
      case COMPLETED ->
          run(
              job ->
                  job.complete(
                      new Answer(
                          "13",
                          1,
                          Answer.ConfidenceBasis.ESTIMATED,
                          Answer.Completeness.FULL,
                          "Checked."),
                      time.instant()));
      case FAILED -> run(job -> job.fail("No room.", time.instant()));
      case CANCELLED -> desk.cancel(id);
    }
    return id;
  }

  private void run(Consumer<HeldJob> step) {
    Lease lease = leases.claim("one", 1, Duration.ZERO).getFirst().lease();
    step.accept(leases.held(lease));
  }
}
