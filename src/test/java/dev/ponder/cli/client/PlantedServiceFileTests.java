package dev.ponder.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.ponder.cli.command.CommandLine;
import dev.ponder.start.ConfigFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who plants a `service.json` gets neither a key nor a prompt.
@DisabledOnOs(OS.WINDOWS)
class PlantedServiceFileTests extends CommandLine {

  private final long ownPid = ProcessHandle.current().pid();
  private Path file;

  @BeforeEach
  void aServiceIsLookedFor() {
    shell.environment.clear();
    shell.environment.put("PONDER_API_KEY", "a key that nobody else may have");
    service.says("POST /v1/jobs", "{\"id\":\"j1\",\"status\":\"queued\"}");
    file = data.resolve("service.json");
  }

  @Test
  void theFileOfARunningServiceIsBelieved() throws Exception {
    plant(ownPid, service.url(), Instant.now());

    assertThat(submit()).isZero();
    assertThat(service.headers).containsExactly("Bearer a key that nobody else may have");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://ponder.example:8080",
        "http://192.0.2.7:8080",
        "http://127.0.0.1.example:8080",
        "http://127.0.0.1:8080@ponder.example:8080",
        "http://[2001:db8::1]:8080",
        "http://0x7f000001:8080",
        "file:///etc/passwd",
        "ftp://127.0.0.1:21",
        "http://127.0.0.1",
        "not an address",
        ""
      })
  void anAddressBeyondThisMachineIsRefused(String url) throws Exception {
    plant(ownPid, url, Instant.now());

    refused("");
  }

  @Test
  void aStartInTheFutureIsRefused() throws Exception {
    plant(ownPid, service.url(), Instant.now().plusSeconds(60));

    refused("names a start in the future");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "null",
        "{\"pid\":7,\"url\":\"\\u001b]52;c;AAAA\\u0007\",\"startedAt\":\"2026-01-01T00:00:00Z\"}"
      })
  void garbageIsRefused(String text) throws Exception {
    Files.writeString(file, text);

    refused("is not what a service writes");
    assertThat(shell.err).doesNotContain("\u001b");
  }

  @Test
  void aHugeFileIsNotRead() throws Exception {
    try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }

    refused("is not what a service writes");
  }

  @Test
  void aLinkIsRefused() throws Exception {
    plant(ownPid, service.url(), Instant.now());
    Path elsewhere = Files.move(file, data.resolve("elsewhere"));
    Files.createSymbolicLink(file, elsewhere);

    refused("is a symbolic link");
  }

  @Test
  void aFolderInItsPlaceIsRefused() throws Exception {
    Files.createDirectory(file);

    refused("is no regular file");
  }

  @Test
  void aPipeInItsPlaceIsNotWaitedFor() throws Exception {
    new ProcessBuilder("mkfifo", file.toString()).start().waitFor();

    refused("is no regular file");
  }

  @Test
  void aFileThatOthersWriteIsRefused() throws Exception {
    plant(ownPid, service.url(), Instant.now());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    refused("can be written by other users");
  }

  @Test
  void aFolderThatOthersWriteToIsRefused() throws Exception {
    plant(ownPid, service.url(), Instant.now());
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));

    refused("is in a folder that other users can write to");
  }

  @Test
  void aFileOfAnotherUserIsRefused() throws Exception {
    assumeTrue(
        System.getProperty("user.name").equals("root"), "only root can give a file to another");
    plant(ownPid, service.url(), Instant.now());
    Files.setAttribute(file, "unix:uid", 12_345);

    refused("belongs to user 12345");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatDoesNotAnswerAtThatAddressIsRefused() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      plant(other.pid(), service.url(), Instant.now().plusSeconds(2));

      refused("names process " + other.pid() + ", and another one answers at port ");
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void theProcessOfADeadServiceCountsAsNone() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor(10, TimeUnit.SECONDS);
    plant(dead.pid(), service.url(), Instant.now());

    submit();

    assertThat(service.asked).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPortThatAnotherUserListensOnIsNotSentTheKey() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can be another user");
    assumeTrue(Files.exists(Path.of("/usr/bin/perl")), "the other user's program is in Perl");
    Process stranger =
        new ProcessBuilder(
                "setpriv",
                "--reuid=12345",
                "--clear-groups",
                "/usr/bin/perl",
                "-MIO::Socket::INET",
                "-e",
                "$s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1'); $| = 1;"
                    + " print $s->sockport, qq(\n); <STDIN>")
            .start();
    try (var said = stranger.inputReader()) {
      int port = Integer.parseInt(said.readLine());

      assertThat(Listeners.stranger(port)).contains("12345");
      assertThat(Listeners.stranger(java.net.URI.create(service.url()).getPort())).isEmpty();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void settingsThatAnotherUserPutIntoASharedFolderAreRefused() throws Exception {
    assumeTrue(
        System.getProperty("user.name").equals("root"), "only root can give a file to another");
    Path settings = Files.writeString(data.resolve("application.yaml"), "server.port: 1");
    Files.setAttribute(settings, "unix:uid", 12_345);

    assertThat(ConfigFile.planted(data)).isEmpty();
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(ConfigFile.planted(data))
        .get()
        .asString()
        .startsWith("application.yaml would be read from here, and user 12345 has put it there");
  }

  @Test
  void aRedirectTakesTheKeyNowhere() throws Exception {
    HttpServer door =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    door.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Location", service.url() + "/v1/jobs");
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
    door.start();
    try {
      int exit =
          shell.run(
              "submit", "why?", "--server", "http://127.0.0.1:" + door.getAddress().getPort());

      assertThat(exit).isNotZero();
      assertThat(service.asked).isEmpty();
    } finally {
      door.stop(0);
    }
  }

  @Test
  void aKeyThatGoesBeyondThisMachineWithoutTlsIsWarnedOf() {
    shell.run("jobs", "--server", "http://ponder.invalid:1");

    assertThat(shell.err).contains("Warning: the key goes to ponder.invalid without TLS");
  }

  private void plant(long pid, String url, Instant startedAt) throws IOException {
    Files.writeString(
        file, "{\"pid\":%d,\"url\":\"%s\",\"startedAt\":\"%s\"}".formatted(pid, url, startedAt));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private int submit() {
    return shell.run("submit", "why?", "--data", data.toString());
  }

  private void refused(String why) {
    assertThat(submit()).isEqualTo(3);
    assertThat(shell.err)
        .contains("The file " + file + " says where the service is, and is not believed: it " + why)
        .contains("--server URL");
    assertThat(service.asked).isEmpty();
  }
}
