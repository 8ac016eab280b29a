package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.ResilienceSettings;
import dev.ponder.engine.ResilientEngine;
import dev.ponder.engine.jllama.JllamaEngine;
import dev.ponder.engine.jllama.JllamaModel;
import dev.ponder.engine.jllama.SeatSettings;
import dev.ponder.job.JobProgress.Resume;
import dev.ponder.job.JobStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeatKillTests {

  private static final Path MODEL =
      Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");

  @TempDir Path data;
  private final JllamaEngine engine =
      new JllamaEngine(new JllamaModel("mini", MODEL, 2048, 6, 1, 30), SeatSettings.defaults());
  private ScriptedService service;

  @AfterEach
  void stop() {
    service.close();
    engine.close();
  }

  @Test
  void aSeatThatIsKilledInMidThoughtCostsNeitherTheThoughtNorARequest() throws Exception {
    service =
        new ScriptedService(
            data,
            new ResilientEngine(engine, ResilienceSettings.defaults(), InstantSource.system()));
    UUID id = service.submit("Calculate 43 - 39 + 28");
    service.until(id, job -> service.progress(id).tokens() > 10);
    String before = texts(id);

    ProcessHandle.of(engine.seatPid().orElseThrow()).orElseThrow().destroyForcibly();
    service.until(
        id,
        job -> {
          assertThat(status(id)).isEqualTo(200);
          return job.status().isFinal() || job.status() == JobStatus.PAUSED;
        });

    assertThat(service.job(id).status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(service.job(id).answer().orElseThrow().text()).contains("32");
    List<Resume> resumes = service.progress(id).resumes();
    assertThat(resumes).isNotEmpty().allMatch(resume -> resume.tokensAgain() == 0);
    assertThat(texts(id)).startsWith(before);
    assertThat(engine.health().restarts()).isEqualTo(1);
  }

  private String texts(UUID id) {
    return service.thoughts(id).stream().map(t -> t.text()).reduce("", String::concat);
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
