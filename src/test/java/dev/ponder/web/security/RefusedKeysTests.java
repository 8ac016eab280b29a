package dev.ponder.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefusedKeysTests {

  private Instant now = Instant.parse("2026-11-27T10:00:20Z");
  private final RefusedKeys refused = new RefusedKeys(() -> now);

  @Test
  void whoSendsManyWrongKeysHasToWaitForTheNextMinute() {
    for (int i = 1; i <= RefusedKeys.PER_MINUTE; i++) {
      assertThat(refused.count("10.0.0.1").waitSeconds()).isZero();
    }

    assertThat(refused.count("10.0.0.1").waitSeconds()).isEqualTo(40);
    assertThat(refused.count("10.0.0.2").waitSeconds()).isZero();

    now = now.plusSeconds(40);
    assertThat(refused.count("10.0.0.1").waitSeconds()).isZero();
  }

  @Test
  void aClockThatIsPutBackKeepsNobodyWaiting() {
    IntStream.range(0, 100).forEach(i -> refused.count("10.0.0.1"));

    now = now.minusSeconds(3600);

    assertThat(refused.count("10.0.0.1").waitSeconds()).isZero();
  }

  @Test
  void aNetworkOfIpv6IsOneAddress() {
    for (int i = 0; i < RefusedKeys.PER_MINUTE; i++) {
      refused.count("2001:db8:0:1::" + i);
    }

    assertThat(refused.count("2001:db8:0:1:ffff::1").waitSeconds()).isPositive();
  }

  @Test
  void aFloodFromEverywhereWritesFewLines() {
    long lines =
        IntStream.range(0, 100_000)
            .filter(
                i ->
                    refused.count("10.%d.%d.%d".formatted(i >> 16, i >> 8 & 255, i & 255)).listed())
            .count();

    assertThat(lines).isEqualTo(RefusedKeys.LINES_PER_MINUTE);
  }
}
