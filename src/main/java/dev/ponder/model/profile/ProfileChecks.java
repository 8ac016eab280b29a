package dev.ponder.model.profile;

import dev.ponder.yaml.Section;
import java.util.OptionalInt;

/// What has to fit together in a profile.
final class ProfileChecks {

  private ProfileChecks() {}

  /// @param section that states the values, for the place of a mistake
  static void check(Section section, Profile profile) {
    int context = profile.whole("context").orElse(0);
    int sequence = profile.whole("sequenceTokens").orElse(0);
    if (context > 0 && sequence > context) {
      section.mistake(
          "parameters",
          "sequenceTokens %,d and a context of %,d".formatted(sequence, context),
          "a context that holds one sequence at least");
    }
    long most = (long) profile.trained() * profile.sequences();
    if (sequence > profile.trained() || context > most) {
      section.mistake(
          "parameters",
          "a context of %,d for %d sequences%s and contextNative %,d"
              .formatted(
                  context,
                  profile.sequences(),
                  sequence == 0 ? "" : " of %,d".formatted(sequence),
                  profile.trained()),
          "at most the native context for each, or a ropeScaling with a ropeFactor above 1");
    }
    OptionalInt one = profile.sequenceTokens();
    if (profile.engine().equals(Parameter.JLLAMA) && one.isPresent() && one.getAsInt() < 64) {
      section.mistake(
          "parameters",
          "%,d tokens for each of %d sequences".formatted(one.getAsInt(), profile.sequences()),
          "64 at least");
    }
  }
}
