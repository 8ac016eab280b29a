package dev.ponder.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SameHashTests {

  @Test
  void theWordsAreDifferentAndHaveOneHash() {
    assertThat(SameHash.words(40_000)).doesNotHaveDuplicates();
    assertThat(SameHash.words(40_000).stream().mapToInt(String::hashCode).distinct()).hasSize(1);
    assertThat(SameHash.small(3_000)).doesNotHaveDuplicates();
    assertThat(SameHash.small(3_000).stream().mapToInt(String::hashCode).distinct()).hasSize(1);
    assertThat(SameHash.small(3_000)).allSatisfy(w -> assertThat(w).isEqualTo(w.toLowerCase()));
  }
}
