package dev.ponder.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTests {

  @Test
  void anAddressPrintsWithoutUserAndPassword() {
    ServerAddress address = ServerAddress.of(" https://me:s3cr%20t@host:8443/api ");

    assertThat(address).hasToString("https://host:8443/api");
    assertThat(address.uri()).isEqualTo(URI.create("https://host:8443/api"));
    assertThat(address.authority()).isEqualTo("host:8443");
    assertThat(address.login()).hasToString("•••");
    // me:s3cr t
    assertThat(address.login().authorization()).isEqualTo("Basic bWU6czNjciB0");
  }

  @Test
  void anAddressWithoutUserHasNoLogin() {
    assertThat(ServerAddress.of("http://127.0.0.1:1").login()).isNull();
    assertThat(ServerAddress.of("http://@127.0.0.1:1")).hasToString("http://127.0.0.1:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://me:s3cret@host",
        "http://me:s3cret@ho st",
        "http://me:s3c ret@host",
        "http://me:s3cret@",
        "http://me:a@s3cret@host",
        "me:s3cret@host",
        "http://me:s3cret@host:99999",
        "http://host/?key=s3cret",
        "http://s3cret@host",
        "http://me:s3cret%0A@host"
      })
  void whatIsNoAddressIsRefusedWithoutItsPassword(String text) {
    assertThatThrownBy(() -> ServerAddress.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("is '")
        .hasMessageContaining("has to be an address such as http://127.0.0.1:8081")
        .message()
        .doesNotContain("s3c", "ret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret\nmore", "s3cr\u00e9t", "\u0007s3cret", "s3\tcret"})
  void aKeyThatNoHeaderCanHoldIsRefusedWithoutBeingRepeated(String text) {
    assertThatThrownBy(() -> ApiKey.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains("at character", "visible ASCII")
        .doesNotContain("s3");
  }

  @Test
  void aKeyIsTakenOutOfWhatAServerRepeats() {
    ApiKey login = ServerAddress.of("http://me:s3cret@host").login();

    assertThat(ApiKey.of("s3cret\n").hiddenIn("no key s3cret here")).isEqualTo("no key ••• here");
    assertThat(ApiKey.of("none").hiddenIn("none of them")).isEqualTo("none of them");
    assertThat(login.hiddenIn("Basic bWU6czNjcmV0 is me:s3cret, s3cret"))
        .isEqualTo("Basic ••• is •••, •••");
  }
}
