package dev.ponder.model.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.model.profile.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://me:sEcReT@h/x.gguf",
        "file://me:sEcReT@h/x.gguf",
        "http://me:sEcReT@h",
        "https://h?token=sEcReT",
        "hf://me:sEcReT@h/x.gguf",
        "hf:me:sEcReT@h/x.gguf"
      })
  void anAddressThatIsNoneIsToldWithoutItsPassword(String word) {
    assertThatThrownBy(() -> Sources.parse(word))
        .isInstanceOf(PullFailed.class)
        .hasMessageContaining("•••")
        .hasMessageNotContaining("sEcReT");
  }

  @Test
  void pathsAndAddressesAreSources() {
    assertThat(Sources.parse("/models/a@b.gguf"))
        .isEqualTo(new Source.LocalPath("/models/a@b.gguf"));
    assertThat(Sources.parse("https://h/a.gguf"))
        .isEqualTo(new Source.Web("https://h/a.gguf", null));
  }
}
