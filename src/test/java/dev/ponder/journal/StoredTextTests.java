package dev.ponder.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTextTests {

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ÄÖ 13 🦆", "line\r\nline\n", "\uFFFD\u0001"})
  void aPackedTextIsReadAsItWas(String text) {
    assertThat(unpacked(PackedText.pack(text))).isEqualTo(text);
    assertThat(unpacked(PackedText.pack(text.repeat(5000)))).isEqualTo(text.repeat(5000));
  }

  @Test
  void bytesThatAreNoPackedTextAreRefused() {
    byte[] good = PackedText.pack("Let me think. ".repeat(100));
    byte[] cut = Arrays.copyOf(good, good.length - 6);
    byte[] changed = good.clone();
    changed[good.length - 1]++;

    for (byte[] bad : new byte[][] {cut, changed, {1, 2, 3}, {}}) {
      assertThatThrownBy(() -> unpacked(bad)).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void aTextIsPackedFromItsLimitOn() {
    StoredText plain = StoredText.of("a".repeat(99), "c", 100);
    StoredText packed = StoredText.of("a".repeat(100), "ä", 100);

    assertThat(plain).isEqualTo(new StoredText("a".repeat(99), null, null));
    assertThat(plain.bytes()).isEqualTo(99);
    assertThat(packed.text()).isNull();
    assertThat(packed.conclusion()).isEqualTo("ä");
    assertThat(unpacked(packed.packed())).isEqualTo("a".repeat(100));
    assertThat(packed.bytes()).isEqualTo(packed.packed().length + 2).isLessThan(40);
  }

  /// A column of bytes would not hold it.
  @Test
  void aTextThatIsTooLargeWhenItIsPackedStaysAsItIs() {
    var noise = new StringBuilder();
    new Random(1).ints(900_000, 0x4e00, 0x9fff).forEach(noise::appendCodePoint);

    StoredText stored = StoredText.of(noise.toString(), "c", 100);

    assertThat(stored.packed()).isNull();
    assertThat(stored.text()).hasSize(900_000);
  }

  private static String unpacked(byte[] packed) {
    return PackedText.unpack(new ByteArrayInputStream(packed));
  }
}
