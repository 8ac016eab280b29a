package dev.ponder.model.profile;

import dev.ponder.yaml.Section;
import java.util.OptionalInt;

/// What has to fit together in a profile.
final class ProfileChecks {

  private ProfileChecks() {}

  /// @param section that states the values, for the place of a mistake
  static void check(Section section, Profile profile) {
    OptionalInt context = profile.whole("context");
    OptionalInt trained = profile.whole("contextNative");
    OptionalInt sequence = profile.whole("sequenceTokens");
    if (context.isPresent() && sequence.isPresent() && longer(sequence, context)) {
      section.mistake(
          "parameters",
          "sequenceTokens %,d and a context of %,d"
              .formatted(sequence.getAsInt(), context.getAsInt()),
          "a context that holds one sequence at least");
    }
    OptionalInt one = profile.sequenceTokens();
    if (one.isPresent() && trained.isPresent() && longer(one, trained) && !scaled(profile)) {
      section.mistake(
          "parameters",
          "%,d tokens in one sequence and contextNative %,d"
              .formatted(one.getAsInt(), trained.getAsInt()),
          "at most the native context, or a ropeScaling with a ropeFactor above 1");
    }
    if (profile.engine().equals(Parameter.JLLAMA) && one.isPresent() && one.getAsInt() < 64) {
      section.mistake(
          "parameters",
          "%,d tokens for each of %d sequences".formatted(one.getAsInt(), profile.sequences()),
          "64 at least");
    }
  }

  private static boolean longer(OptionalInt left, OptionalInt right) {
    return left.getAsInt() > right.getAsInt();
  }

  private static boolean scaled(Profile profile) {
    Double factor = profile.number("ropeFactor");
    return factor != null && factor > 1;
  }
}
