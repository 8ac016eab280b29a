package dev.ponder.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Capability;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.engine.llamaserver.NeedsLlamaServer;
import dev.ponder.model.profile.ProfileSettings;
import dev.ponder.model.profile.Profiles;
import dev.ponder.time.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A profile is served by a real llama-server that Ponder starts with the options that carry it.
@NeedsLlamaServer
@Timeout(180)
class ProfiledServerIT {

  @TempDir Path folder;

  private ModelRegistry registry;

  @AfterEach
  void close() {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void aProfileThinksOnAServerOfPondersOwn() throws IOException {
    start(4096);

    Engine engine = registry.engine("small");
    StringBuilder text = new StringBuilder();
    try (TokenStream stream = engine.open(request("1 + 1?"))) {
      for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
        text.append(piece.text());
      }
    }

    assertThat(text).isNotEmpty();
    ServedModel model =
        registry.all().stream().filter(it -> it.name().equals("small")).findFirst().orElseThrow();
    assertThat(model.kind()).isEqualTo("llama-server");
    assertThat(model.health().state()).isEqualTo(State.READY);
    assertThat(model.memory().kvCache()).isPositive();
  }

  @Test
  void sequencesTakeWhatTheyNeedFromOnePool() throws IOException {
    start(4096);

    var can = registry.engine("small").capabilities();

    assertThat(can.sequences()).as("concurrentRequests of four slots").isEqualTo(3);
    assertThat(can.contextTokens()).as("not a quarter of the pool").isEqualTo(2048);
  }

  @Test
  void branchesOfAProfileHaveTheirCommonBeginningEvaluatedOnce() throws IOException {
    start(4096);
    Engine engine = registry.engine("small");
    String problem = "Ada has 12 apples and buys three more. ".repeat(8);

    boolean claimed = engine.capabilities().offer(Capability.SHARED_PREFIX);
    Completion shared = engine.share(List.of(request(problem + "One."), request(problem + "Two.")));

    assertThat(claimed).isTrue();
    assertThat(shared).isNotNull();
    assertThat(shared.usage().prompt()).isGreaterThan(100);
  }

  private void start(int context) throws IOException {
    Files.writeString(
        folder.resolve("small.yaml"),
        """
        description: The embedded model on another engine.
        aim: tests
        pipeline: mini
        engine: llama-server
        architecture: qwen2
        source:
          path: %s
        parameters:
          quantization: Q8_0
          memoryGigabytes: 1
          contextNative: 2048
          context: %d
          batch: 64
          threads: 1
          sequences: 4
          memoryPooling: true
          concurrentRequests: 3
          temperature: 0.7
          topP: 0.9
          topK: 40
          repetitionPenalty: 1.05
          flashAttention: true
          kvCompression: true
          prefetchTokens: 1
        """
            .formatted(LocalServer.MINI, context));
    ModelSettings settings = Shelves.models(folder, Map.of());
    Profiles profiles = new Profiles(new ProfileSettings(folder.toString()));
    ProfiledModels shelf =
        Shelves.shelf(
            profiles, Shelves.settings(folder.resolve("models"), false), settings, Long.MAX_VALUE);
    registry = new ModelRegistry(settings, shelf.engines(), shelf, InstantSource.system());
  }

  private static GenerationRequest request(String asked) {
    return new GenerationRequest(
        new Conversation("Stage: analysis. State the facts, the question and a plan.", asked),
        Written.NOTHING,
        new Sampling(0.7, 1, 0, 0, 0, 1),
        7,
        16,
        Deadline.in(Duration.ofMinutes(2), InstantSource.system()),
        "test/0");
  }
}
