package dev.ponder.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(classes = JobSlice.class, properties = JobSlice.FRESH_DATA)
class JobLeasesTests {

  private static final Duration NO_RESERVE = Duration.ZERO;

  @Autowired JobIntake intake;
  @Autowired JobCommands desk;
  @Autowired JobLeases leases;
  @Autowired TestTime time;
  @Autowired JdbcClient jdbc;

  @AfterEach
  void empty() {
    jdbc.sql("delete from job").update();
  }

  @Test
  void theOldestJobsAreClaimedFirst() {
    List<UUID> ids = IntStream.range(0, 4).mapToObj(i -> queued()).toList();

    List<Lease> first = claim("one", 3, NO_RESERVE);
    List<Lease> rest = claim("two", 3, NO_RESERVE);

    assertThat(first).extracting(Lease::job).containsExactlyElementsOf(ids.subList(0, 3));
    assertThat(rest).extracting(Lease::job).containsExactly(ids.get(3));
    assertThat(claim("three", 3, NO_RESERVE)).isEmpty();
  }

  @Test
  void aClaimRaisesTheEpochAndRunsTheJob() {
    UUID id = queued();

    Lease lease = claim("one", 1, NO_RESERVE).getFirst();

    assertThat(lease).isEqualTo(new Lease(id, 1));
    assertThat(desk.find(id).status()).isEqualTo(JobStatus.RUNNING);
    assertThat(desk.find(id).leaseUntil()).isPresent();
  }

  @Test
  void ownersWhoClaimTogetherNeverGetTheSameJob() throws Exception {
    IntStream.range(0, 40).forEach(i -> queued());

    var claimed = new ArrayList<Lease>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Lease>>> running =
          IntStream.range(0, 8)
              .mapToObj(i -> threads.submit(() -> claim("owner " + i, 10, NO_RESERVE)))
              .toList();
      for (var one : running) {
        claimed.addAll(one.get(60, TimeUnit.SECONDS));
      }
    }

    assertThat(claimed).extracting(Lease::job).doesNotHaveDuplicates();
    assertThat(claimed.size() + claim("last", 100, NO_RESERVE).size()).isEqualTo(40);
  }

  @Test
  void aDeadOwnersJobIsClaimedAnewAndItsOwnWritesFail() {
    UUID id = queued();
    Lease dead = claim("one", 1, NO_RESERVE).getFirst();
    expire(id);

    Lease living = claim("two", 1, NO_RESERVE).getFirst();

    assertThat(living).isEqualTo(new Lease(id, dead.epoch() + 1));
    assertThatThrownBy(() -> pause(dead)).isInstanceOf(LeaseLost.class);
    pause(living);
    assertThat(desk.find(id).status()).isEqualTo(JobStatus.PAUSED);
  }

  @Test
  void aLeaseOfATimeBeforeTheClockWasPutBackHoldsNothing() {
    UUID id = queued();
    claim("one", 1, NO_RESERVE);
    jdbc.sql("update job set lease_until = current_timestamp + interval '1' hour where id = :id")
        .param("id", id)
        .update();

    assertThat(claim("two", 1, NO_RESERVE)).containsExactly(new Lease(id, 2));
  }

  @Test
  void aJobOfATimeBeforeTheClockWasPutBackGetsNoMoreTimeThanItWasPromised() {
    UUID id = queued();
    jdbc.sql(
            """
            update job set created_at = current_timestamp + interval '1' hour,
              deadline = current_timestamp + interval '1' hour + interval '100' second
            where id = :id
            """)
        .param("id", id)
        .update();

    claim("one", 1, NO_RESERVE);

    assertThat(
            jdbc.sql(
                    "select count(*) from job where id = :id and deadline <= current_timestamp + interval '100' second and deadline > current_timestamp + interval '60' second")
                .param("id", id)
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }

  @Test
  void aRenewedLeaseIsNotClaimed() {
    UUID id = queued();
    Lease lease = claim("one", 1, NO_RESERVE).getFirst();
    expire(id);

    Set<Lease> lost = leases.renew("one", List.of(lease));

    assertThat(lost).isEmpty();
    assertThat(claim("two", 1, NO_RESERVE)).isEmpty();
  }

  @Test
  void nobodyRenewsALeaseThatAnotherHolds() {
    UUID id = queued();
    Lease before = claim("one", 1, NO_RESERVE).getFirst();
    expire(id);
    claim("two", 1, NO_RESERVE);
    Instant until = desk.find(id).leaseUntil().orElseThrow();

    Set<Lease> lost = leases.renew("one", List.of(before));

    assertThat(lost).containsExactly(before);
    assertThat(leases.renew("one", List.of())).isEmpty();
    assertThat(leases.isReplaced(before)).isTrue();
    assertThat(desk.find(id).leaseUntil()).contains(until);
  }

  @Test
  void anOwnerThatClaimsItsOwnJobAnewHasLostItsOlderLease() {
    UUID id = queued();
    Lease before = claim("one", 1, NO_RESERVE).getFirst();
    expire(id);
    Lease after = claim("one", 1, NO_RESERVE).getFirst();

    Set<Lease> lost = leases.renew("one", List.of(before, after));

    assertThat(lost).containsExactly(before);
  }

  @Test
  void aReleasedJobIsClaimedAtOnce() {
    UUID id = queued();
    Lease first = claim("one", 1, NO_RESERVE).getFirst();
    leases.held(first).release();

    Lease second = claim("two", 1, NO_RESERVE).getFirst();

    assertThat(second.job()).isEqualTo(id);
    assertThat(second.epoch()).isEqualTo(2);
  }

  @Test
  void afterARestartOnAFileEveryRunningJobIsFree() {
    UUID id = queued();
    claim("before", 1, NO_RESERVE);

    int ended = leases.endAll();

    assertThat(ended).isOne();
    assertThat(claim("after", 1, NO_RESERVE)).containsExactly(new Lease(id, 2));
  }

  @Test
  void aPausedJobIsClaimedOnlyWhenItHasToAnswer() {
    UUID id = queued();
    pause(claim("one", 1, NO_RESERVE).getFirst());
    deadlineIn(id, 600);

    List<Lease> early = claim("one", 1, Duration.ofSeconds(60));
    deadlineIn(id, 30);
    List<Lease> due = claim("one", 1, Duration.ofSeconds(60));

    assertThat(early).isEmpty();
    assertThat(due).extracting(Lease::job).containsExactly(id);
    assertThat(desk.find(id).pausedBecause()).isEmpty();
  }

  @Test
  void aLeaseOfACancelledOrDeletedJobIsLost() {
    UUID cancelled = queued();
    UUID deleted = queued();
    List<Lease> held = claim("one", 2, NO_RESERVE);

    desk.cancel(cancelled);
    desk.delete(deleted);

    assertThat(held)
        .allSatisfy(lease -> assertThatThrownBy(() -> pause(lease)).isInstanceOf(LeaseLost.class));
    assertThat(claim("one", 2, NO_RESERVE)).isEmpty();
  }

  private List<Lease> claim(String owner, int limit, Duration reserve) {
    return leases.claim(owner, limit, reserve).stream().map(Claim::lease).toList();
  }

  private UUID queued() {
    time.advance(Duration.ofSeconds(1));
    return intake.accept(Submission.of("Why?"), null).job().id();
  }

  private void pause(Lease lease) {
    leases.held(lease).pause("The engine is away.");
  }

  private void expire(UUID id) {
    jdbc.sql("update job set lease_until = current_timestamp - interval '1' second where id = :id")
        .param("id", id)
        .update();
  }

  private void deadlineIn(UUID id, int seconds) {
    jdbc.sql(
            """
            update job set deadline = current_timestamp + cast(:s as integer) * interval '1' second
            where id = :id
            """)
        .param("s", seconds)
        .param("id", id)
        .update();
  }
}
