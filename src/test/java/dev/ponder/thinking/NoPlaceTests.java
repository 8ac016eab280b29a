package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.Answer.Completeness;
import dev.ponder.job.Job;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Submission;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// All places are taken, and stay so: whoever waits for one has an answer by the deadline.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class NoPlaceTests {

  @Parameter TestDatabase database;
  @TempDir Path data;

  @Test
  void aJobThatNeverGotAPlaceIsAnsweredByItsDeadline() {
    var engine = new ScriptedEngine("scripted").hangsIn(1).hangsIn(2);
    try (var service =
        new ScriptedService(database.settings(data), engine, "ponder.jobs.running-max=1")) {
      var first = service.submit("Who comes first?");
      service.until(first, job -> engine.opens() == 1);
      var second = service.submit(new Submission("And then?", null, null, 4L, 7L, Map.of()));

      Job answered = service.ended(second);

      assertThat(answered.status()).isEqualTo(JobStatus.COMPLETED);
      assertThat(answered.finishedAt().orElseThrow()).isBefore(answered.deadline().at());
      assertThat(answered.answer().orElseThrow().completeness()).isEqualTo(Completeness.PARTIAL);
      assertThat(service.job(first).status()).isEqualTo(JobStatus.RUNNING);
    }
  }
}
