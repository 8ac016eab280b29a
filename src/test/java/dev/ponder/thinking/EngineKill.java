package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.llamaserver.SupervisedEngine;
import dev.ponder.engine.resilience.ResilienceSettings;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.job.Job;
import dev.ponder.job.JobProgress.Resume;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Submission;
import dev.ponder.memory.Thought;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The process that holds the model is killed with SIGKILL in the middle of a thought, while the
/// whole service thinks with it. A subclass says which model, on what.
abstract class EngineKill {

  @TempDir Path data;
  private SupervisedEngine engine;
  private ScriptedService service;

  /// An engine of one process, slow enough to come between.
  abstract SupervisedEngine engine();

  /// What the job asks for.
  Submission job() {
    return Submission.of("Calculate 43 - 39 + 28");
  }

  /// Further settings of the service.
  List<String> settings(Path folder) throws IOException {
    return List.of();
  }

  /// From what the engine takes a thought up again.
  abstract String takesUpFrom();

  void checkAnswer(Job job) {
    assertThat(job.answer().orElseThrow().text()).contains("32");
  }

  @AfterEach
  void stop() {
    service.close();
    engine.close();
  }

  @Test
  void aProcessThatIsKilledInMidThoughtCostsNeitherTheThoughtNorARequest() throws Exception {
    engine = engine();
    service =
        new ScriptedService(
            data,
            new ResilientEngine(engine, ResilienceSettings.defaults(), InstantSource.system()),
            settings(data).toArray(String[]::new));
    UUID id = service.submit(job());
    service.until(id, job -> service.progress(id).tokens() > 10);
    Map<String, String> before = texts(id);

    ProcessHandle.of(engine.processId().orElseThrow()).orElseThrow().destroyForcibly();
    service.until(
        id,
        job -> {
          assertThat(status(id)).isEqualTo(200);
          return job.status().isFinal() || job.status() == JobStatus.PAUSED;
        });

    assertThat(service.job(id).status()).isEqualTo(JobStatus.COMPLETED);
    checkAnswer(service.job(id));
    List<Resume> resumes = service.progress(id).resumes();
    assertThat(resumes)
        .isNotEmpty()
        .allMatch(resume -> resume.tokensAgain() == 0)
        .allMatch(resume -> resume.from().equals(takesUpFrom()));
    Map<String, String> after = texts(id);
    before.forEach((key, text) -> assertThat(after.get(key)).startsWith(text));
    assertThat(engine.health().restarts()).isEqualTo(1);
  }

  private Map<String, String> texts(UUID id) {
    return service.thoughts(id).stream()
        .collect(Collectors.toMap(thought -> thought.key().id(), Thought::text));
  }

  private int status(UUID id) {
    var request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d/v1/jobs/%s".formatted(service.port(), id)));
    try {
      return HttpClient.newHttpClient()
          .send(request.build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
