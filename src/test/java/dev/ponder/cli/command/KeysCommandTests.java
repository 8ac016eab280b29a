package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.cli.output.Json;
import dev.ponder.web.security.ApiKeys;
import dev.ponder.web.security.KeyFile;
import dev.ponder.web.security.KeySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysCommandTests {

  @TempDir private Path folder;
  private final Shell shell = new Shell();

  private int run(String... words) {
    var all = new java.util.ArrayList<>(List.of("keys"));
    all.addAll(List.of(words));
    all.addAll(List.of("--data", data().toString()));
    return shell.run(all.toArray(String[]::new));
  }

  private Path data() {
    return folder.resolve("data");
  }

  private ApiKeys keys() {
    return new ApiKeys(new KeySettings(List.of()), KeyFile.in(data()), () -> 0);
  }

  @Test
  void aKeyIsMadeBeforeAnyServiceRunsAndPrintedOnce() {
    assertThat(run("create", "alice")).isZero();

    String key = shell.out.strip();
    assertThat(key).startsWith("ponder_").hasSize(55);
    assertThat(shell.err).contains("'alice'", "keys.json").doesNotContain(key);
    assertThat(keys().nameOf(key)).contains("alice");

    assertThat(run("list")).isZero();
    assertThat(shell.out).contains("alice").doesNotContain(key);
  }

  @Test
  void aRevokedKeyIsGone() {
    run("create", "alice");
    String key = shell.out.strip();

    assertThat(run("revoke", "alice")).isZero();

    assertThat(shell.out).contains("'alice' is revoked", "None is left");
    assertThat(keys().nameOf(key)).isEmpty();
    assertThat(run("revoke", "alice")).isEqualTo(2);
    assertThat(shell.err).contains("There is no key 'alice'");
  }

  @Test
  void anEntryOfTheListIsASettingOfAnotherNode() {
    run("create", "alice", "--json");
    String key = Json.read(shell.out).get("key").asString();
    run("list", "--json");
    String entry = Json.read(shell.out).at("/items/0/entry").asString();

    var other =
        new ApiKeys(new KeySettings(List.of(entry)), KeyFile.in(folder.resolve("other")), () -> 0);

    assertThat(other.nameOf(key)).contains("alice");
  }

  @Test
  void twoKeysHaveTwoNames() {
    run("create", "alice");

    assertThat(run("create", "alice")).isEqualTo(2);
    assertThat(shell.out).isEmpty();
    assertThat(shell.err).contains("There is a key 'alice'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\"b", "a\nb", "-x", "ä", "a:sha256:b", "a\u001b[2J"})
  void aNameThatCouldForgeALineIsNone(String name) {
    assertThat(run("create", "--", name)).isEqualTo(2);
    assertThat(Files.exists(data().resolve("keys.json"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"crate", "list x", "create", "revoke"})
  void aMistakeIsSaidInASentence(String words) {
    assertThat(run(words.split(" "))).isEqualTo(2);
    assertThat(shell.err).contains("create", "list", "revoke");
  }
}
