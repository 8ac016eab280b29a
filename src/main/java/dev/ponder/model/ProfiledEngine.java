package dev.ponder.model;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Engine;
import dev.ponder.engine.EngineHealth;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.model.profile.Profile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An engine as its profile wants it: with the profile's sampling in place of the pipeline's, at
/// most so many tokens in a sequence, and at most so many generations at the same time; those who
/// ask for more wait in [dev.ponder.engine.resilience.ResilientEngine]. The temperature is that of
/// the stage.
final class ProfiledEngine implements Engine {

  private final Engine engine;
  private final Profile profile;

  ProfiledEngine(Engine engine, Profile profile) {
    this.engine = engine;
    this.profile = profile;
  }

  @Override
  public String model() {
    return engine.model();
  }

  @Override
  public Capabilities capabilities() {
    Capabilities can = engine.capabilities();
    int requests = profile.whole("concurrentRequests").orElse(can.sequences());
    int tokens = profile.whole("sequenceTokens").orElse(can.contextTokens());
    return can.within(Math.min(can.sequences(), requests), Math.min(can.contextTokens(), tokens));
  }

  @Override
  public TokenStream open(GenerationRequest request) {
    return engine.open(overlaid(profile, request));
  }

  @Override
  public @Nullable Completion share(List<GenerationRequest> branches) {
    return engine.share(branches.stream().map(branch -> overlaid(profile, branch)).toList());
  }

  @Override
  public void forget(String affinity) {
    engine.forget(affinity);
  }

  /// The request as the profile wants it.
  static GenerationRequest overlaid(Profile profile, GenerationRequest request) {
    Sampling asked = request.sampling();
    return new GenerationRequest(
        request.conversation(),
        request.written(),
        new Sampling(
            asked.temperature(),
            stated(profile, "topP", asked.topP()),
            profile.whole("topK").orElse(asked.topK()),
            stated(profile, "minP", asked.minP()),
            asked.presencePenalty(),
            stated(profile, "repetitionPenalty", asked.repeatPenalty())),
        request.seed(),
        request.maxTokens(),
        request.deadline(),
        request.affinity());
  }

  private static double stated(Profile profile, String parameter, double otherwise) {
    Double value = profile.number(parameter);
    return value == null ? otherwise : value;
  }

  @Override
  public int countTokens(String text) {
    return engine.countTokens(text);
  }

  @Override
  public EngineHealth health() {
    return engine.health();
  }

  @Override
  public EngineHealth recentHealth() {
    return engine.recentHealth();
  }

  @Override
  public void askHealth() {
    engine.askHealth();
  }

  @Override
  public void close() {
    engine.close();
  }
}
