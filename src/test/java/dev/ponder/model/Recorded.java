package dev.ponder.model;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.Written;
import dev.ponder.engine.llamaserver.ManagedModel;
import dev.ponder.model.profile.Profile;
import dev.ponder.model.profile.ProfileSettings;
import dev.ponder.model.profile.Profiles;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.PipelineSettings;
import dev.ponder.stage.Stage;
import dev.ponder.stage.YamlPipelines;
import dev.ponder.time.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// What is recorded of a real llama-server: the profiles that it was started for, and where the
/// record is.
final class Recorded {

  static final Path FILE = Path.of("src/test/resources/llama-server/accepted.json");

  private static final int TOKENS = 12;

  private Recorded() {}

  /// The shipped profiles that a llama-server serves, each followed by its modes.
  static List<Profile> profiles() {
    List<Profile> all = new ArrayList<>();
    for (Profile profile : new Profiles(new ProfileSettings("model-profiles")).all()) {
      if (profile.engine().equals(ModelProfile.LLAMA_SERVER)) {
        all.add(profile);
        all.addAll(profile.modes().values());
      }
    }
    return all;
  }

  /// What Ponder starts for a profile with that file.
  static ManagedModel model(Profile profile, Path file) {
    return Engines.managed(
        profile.name(), ProfiledModels.served(profile, null), file, profile.llamaServerOptions());
  }

  /// A short completion with the sampling of a stage, as a job on this profile asks for it.
  static GenerationRequest request(Profile profile, Stage stage) {
    Pipeline pipeline =
        new YamlPipelines(new PipelineSettings("stage-configs"))
            .find(profile.pipeline())
            .orElseThrow();
    var sampling = pipeline.sampling();
    var asked =
        new GenerationRequest(
            new Conversation("Think.", "How many apples are left?"),
            Written.NOTHING,
            new Sampling(
                pipeline.stage(stage).temperature(),
                sampling.topP(),
                sampling.topK(),
                sampling.minP(),
                sampling.presencePenalty(),
                sampling.repeatPenalty()),
            7,
            TOKENS,
            Deadline.in(Duration.ofMinutes(5), InstantSource.system()),
            "record/1");
    return ProfiledEngine.overlaid(profile, asked);
  }
}
