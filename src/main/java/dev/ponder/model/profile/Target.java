package dev.ponder.model.profile;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// What a profile promises. Targets steer nothing: the API shows them, so that they can be compared
/// with what is measured.
enum Target {
  TOKENS_PER_SECOND("tokensPerSecond", "100000", "tokens/s of one generation at least"),
  RESPONSE_SECONDS("responseSeconds", "1800", "seconds to a complete response at most"),
  MEMORY_EFFICIENCY("memoryEfficiency", "1", "part of the memory set aside that is put to use"),
  QUALITY_SCORE("qualityScore", "10", "quality of answers as judges see it"),
  COHERENCE("coherence", "10", "coherence of answers as judges see it"),
  FACTUAL_ACCURACY("factualAccuracy", "1", "part of the stated facts that hold"),
  DEPTH("depth", "10", "depth of reasoning as judges see it"),
  SELF_CONSISTENCY("selfConsistency", "1", "part of repeated runs with the same answer"),
  ERROR_DETECTION("errorDetection", "1", "part of wrong candidates that verification finds"),
  THINKING_EFFICIENCY("thinkingEfficiency", "1", "part of the thinking that serves the answer");

  private final String key;
  private final String max;
  private final String meaning;

  Target(String key, String max, String meaning) {
    this.key = key;
    this.max = max;
    this.meaning = meaning;
  }

  String key() {
    return key;
  }

  String max() {
    return max;
  }

  String meaning() {
    return meaning;
  }

  static Set<String> keys() {
    return Arrays.stream(values())
        .map(Target::key)
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(LinkedHashSet::new), Collections::unmodifiableSet));
  }
}
