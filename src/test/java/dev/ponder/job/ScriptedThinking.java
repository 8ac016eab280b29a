package dev.ponder.job;

import dev.ponder.job.JobProblem.InvalidSubmission;
import dev.ponder.job.JobProgress.BranchProgress;
import dev.ponder.job.JobProgress.Resume;
import dev.ponder.job.JobProgress.StageProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What intake and HTTP ask of the thinking, answered without any.
public class ScriptedThinking implements Admission, JobInsight, JobArchive {

  public static final String HASH = "0".repeat(64);

  private final JdbcClient jdbc;

  ScriptedThinking(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Admitted admit(@Nullable String pipeline, @Nullable String model) {
    known("pipeline", pipeline, List.of("mini", "qwen3-30b-thinking"));
    known("model", model, List.of("mini"));
    pin();
    return new Admitted("mini", HASH, "mini", Duration.ofMinutes(30));
  }

  private void pin() {
    try {
      jdbc.sql(
              """
              merge into pipeline_version using (select cast(:hash as varchar(64)) as h) as given
              on hash = given.h
              when not matched then insert (hash, name, source) values (given.h, 'mini', '')
              """)
          .param("hash", HASH)
          .update();
    } catch (DuplicateKeyException raced) {
      // Another first job has stored it.
    }
  }

  private static void known(String field, @Nullable String name, List<String> names) {
    if (name != null && !names.contains(name)) {
      throw new InvalidSubmission(field, "There is no %s '%s'.".formatted(field, name), names);
    }
  }

  /// Without thoughts there is nothing to bring back.
  @Override
  public void restore(UUID job) {
    jdbc.sql("update job set archived_at = null where id = :job").param("job", job).update();
  }

  @Override
  public Map<UUID, JobProgress> progress(Collection<ListedJob> jobs) {
    return jobs.stream().collect(Collectors.toMap(JobFacts::id, this::progressOf));
  }

  @Override
  public JobProgress progress(Job job) {
    return progressOf(job);
  }

  private JobProgress progressOf(JobFacts job) {
    boolean over = job.status().isFinal();
    boolean begun = job.startedAt().isPresent();
    var branch = new BranchProgress(1, begun ? "running" : "pending", 12, 41.5, false, false);
    return new JobProgress(
        over ? 100 : 12.5,
        12,
        41.5,
        begun ? Duration.ofMillis(1500) : null,
        begun ? Instant.parse("2026-01-02T03:04:06Z") : null,
        List.of(
            new StageProgress("initial_analysis", "running", 12, 96, null, List.of(branch)),
            new StageProgress("deep_exploration", "pending", 0, 96, null, List.of()),
            new StageProgress("synthesis", "pending", 0, 96, null, List.of()),
            new StageProgress("verification", "pending", 0, 96, null, List.of()),
            new StageProgress("final_output", "pending", 0, 96, null, List.of())),
        begun
            ? List.of(
                new Resume(
                    Instant.parse("2026-01-02T03:04:07Z"),
                    "initial_analysis",
                    1,
                    64,
                    8,
                    "ids",
                    "mini",
                    null))
            : List.of());
  }
}
