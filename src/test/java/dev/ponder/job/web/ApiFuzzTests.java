package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.fuzz.ApiFuzzer;
import dev.ponder.job.JobSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Whatever is sent, the answer is one that the served description knows. Run it again with
/// `-Dfuzz.seed=…`, or for longer with `-Dfuzz.requests=…`.
@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {JobSlice.FRESH_DATA, "ponder.jobs.waiting-max=100"})
class ApiFuzzTests {

  @Autowired JdbcClient jdbc;
  @LocalServerPort int port;

  @Test
  void noRequestGetsAnAnswerThatIsNotDescribed() throws Exception {
    long seed = Long.getLong("fuzz.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("fuzz.seed=" + seed);

    var report =
        new ApiFuzzer(port, seed)
            .run(Integer.getInteger("fuzz.requests", 4000), jobsInEachStatus());

    report.answers().forEach((answer, times) -> System.out.println(times + "\t" + answer));
    assertThat(report.breaches()).isEmpty();
    assertThat(report.answers().keySet())
        .contains(
            "POST /v1/jobs 202",
            "POST /v1/jobs 400",
            "POST /v1/jobs 415",
            "POST /v1/jobs 422",
            "GET /v1/jobs/{id} 200",
            "GET /v1/jobs/{id} 304",
            "GET /v1/jobs/{id}/answer 409",
            "POST /v1/jobs/{id}/resume 409",
            "DELETE /v1/jobs/{id} 204");
  }

  private List<String> jobsInEachStatus() {
    var api = new Api(port);
    var ids = new ArrayList<String>();
    for (String status :
        List.of("RUNNING", "PAUSED", "COMPLETED", "FAILED", "CANCELLED", "QUEUED")) {
      for (int i = 0; i < 8; i++) {
        String id = api.submitted(status);
        ids.add(id);
        jdbc.sql(
                """
                update job set status = :status, stage = 'synthesis', started_at = created_at,
                  finished_at = case when :status in ('COMPLETED', 'FAILED', 'CANCELLED') then created_at end,
                  paused_because = case when :status = 'PAUSED' then 'The engine is away.' end,
                  failure = case when :status = 'FAILED' then 'No room.' end,
                  answer_text = case when :status = 'COMPLETED' then '13' end,
                  answer_confidence = case when :status = 'COMPLETED' then 0.5 end,
                  answer_completeness = case when :status = 'COMPLETED' then 'FULL' end,
                  answer_rests_on = case when :status = 'COMPLETED' then 'All agree.' end
                where id = cast(:id as uuid)
                """)
            .param("status", status)
            .param("id", id)
            .update();
      }
    }
    return ids;
  }
}
