package dev.ponder.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTests {

  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

  @TempDir private Path data;
  private final AtomicLong nanos = new AtomicLong();

  private ApiKeys keys(String... settings) {
    return new ApiKeys(new KeySettings(List.of(settings)), KeyFile.in(data), nanos::get);
  }

  private String created(String name) throws Exception {
    StoredKey.Fresh fresh = StoredKey.create(name);
    KeyFile.in(data).add(fresh.stored(), NOW);
    return fresh.key();
  }

  @Test
  void aKeyIsRecognisableAndIsKeptAsASaltedHashOnly() throws Exception {
    String key = created("alice");
    String other = created("bob");

    String file = Files.readString(data.resolve("keys.json"));

    assertThat(key).matches("ponder_[a-z2-7]{48}").isNotEqualTo(other);
    assertThat(file).contains("alice").doesNotContain(key, key.substring(23));
    assertThat(Files.getPosixFilePermissions(data.resolve("keys.json")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(StoredKey.create("x").toString()).isEqualTo("key 'x'");
  }

  @Test
  void keysOfTheFileAndOfTheSettingsAreKnownByTheirNames() throws Exception {
    String filed = created("alice");
    StoredKey.Fresh hashed = StoredKey.create("bob");
    String plain = "0123456789abcdef0123456789abcdef";

    ApiKeys keys = keys(hashed.stored().entry(), plain);

    assertThat(keys.required()).isTrue();
    assertThat(keys.nameOf(filed)).contains("alice");
    assertThat(keys.nameOf(hashed.key())).contains("bob");
    assertThat(keys.nameOf(plain)).hasValueSatisfying(name -> name.startsWith("setting-"));
    for (String wrong :
        List.of(
            "", "x", filed + "a", filed.toUpperCase(), hashed.stored().entry(), "a".repeat(5000))) {
      assertThat(keys.nameOf(wrong)).isEmpty();
    }
    // The salt of one with the secret of another.
    assertThat(keys.nameOf(filed.substring(0, 23) + hashed.key().substring(23))).isEmpty();
  }

  @Test
  void aNewKeyIsTakenAtOnceAndARevokedOneIsRefusedWithinASecond() throws Exception {
    ApiKeys keys = keys();
    assertThat(keys.required()).isFalse();

    String alice = created("alice");
    nanos.addAndGet(ApiKeys.LOOK_EVERY.toNanos());

    assertThat(keys.required()).isTrue();
    String bob = created("bob");
    assertThat(keys.nameOf(bob)).contains("bob");

    KeyFile.in(data).remove("alice");
    nanos.addAndGet(ApiKeys.LOOK_EVERY.toNanos());

    assertThat(keys.nameOf(alice)).isEmpty();
    assertThat(keys.nameOf(bob)).contains("bob");
  }

  @Test
  void aServiceWhoseLastKeyIsGoneLetsNobodyIn() throws Exception {
    String alice = created("alice");
    ApiKeys keys = keys();

    Files.delete(data.resolve("keys.json"));
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(keys.nameOf(alice)).isEmpty();
    assertThat(keys.required()).isTrue();

    created("bob");
    KeyFile.in(data).remove("bob");
    assertThat(keys().required()).as("with a file without keys").isTrue();
  }

  @Test
  void aFileThatIsSpoiltWhileTheServiceRunsChangesNothing() throws Exception {
    String alice = created("alice");
    ApiKeys keys = keys();

    Files.writeString(data.resolve("keys.json"), "{\"keys\":[{\"name\":");
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(keys.nameOf(alice)).contains("alice");
    assertThat(keys.required()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"keys\":{}}",
        "{\"keys\":[1]}",
        "{\"keys\":[{\"name\":\"a\\nb\",\"salt\":\"x\",\"sha256\":\"y\"}]}",
        "{\"keys\":[{\"name\":\"a\",\"salt\":\"aaaaaaaaaaaaaaaa\"}]}"
      })
  void aFileThatIsNoneStopsTheStart(String text) throws Exception {
    Files.writeString(data.resolve("keys.json"), text);

    assertThatThrownBy(this::keys)
        .isInstanceOf(KeyFile.Unusable.class)
        .hasMessageContaining("keys.json");
  }

  @Test
  void aFileThatOthersCanWriteIsNotBelieved() throws Exception {
    created("alice");
    Files.setPosixFilePermissions(
        data.resolve("keys.json"), PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThatThrownBy(this::keys).hasMessageContaining("can be written by other users");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "first-key",
        "hunter2",
        "0123456789abcdef",
        "correct horse battery",
        "00000000000000000000000000000000000000000000000000",
        "123456789012345678901234567890123456",
        "alice:sha256:aaaaaaaaaaaaaaaa:00",
        "one:sha256:two:three"
      })
  void aSettingThatIsNoKeyStopsTheStartWithoutBeingShown(String text) {
    assertThatThrownBy(() -> keys(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ponder.api-keys")
        .hasMessageContaining("./ponder keys")
        .message()
        .doesNotContain(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789abcdef0123456789abcdef", // openssl rand -hex 16
        "Zm9vYmFyYmF6cXV4enV1eg", // openssl rand -base64 16
        "123456789012345678901234567890123456789",
        "sk-proj-AbCdEfGhIjKlMnOpQrStUvWx"
      })
  void aLongKeyOfOnesOwnIsTaken(String text) {
    assertThat(keys(text).nameOf(text)).isPresent();
  }
}
