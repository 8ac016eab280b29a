package dev.ponder.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.cli.output.Exit;
import dev.ponder.job.JobSlice;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// A service with a certificate of its own, as docs/operating.md says, and the command line before
/// it.
@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {JobSlice.FRESH_DATA, JobSlice.SOME_DISK, "ponder.api-keys=" + TlsTests.KEY})
@DirtiesContext
class TlsTests {

  static final String KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

  private static final char[] PASSWORD = "changeit".toCharArray();
  @TempDir private static Path folder;
  @LocalServerPort private int port;

  @DynamicPropertySource
  static void certificate(DynamicPropertyRegistry settings) throws Exception {
    make();
    settings.add("server.ssl.certificate", () -> folder.resolve("tls.crt").toString());
    settings.add("server.ssl.certificate-private-key", () -> folder.resolve("tls.key").toString());
  }

  /// A certificate for `localhost` that it has signed itself, as two PEM files.
  private static void make() throws Exception {
    Path store = folder.resolve("store.p12");
    var command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(
        List.of(
            ("-genkeypair -alias ponder -keyalg EC -groupname secp256r1 -dname CN=localhost"
                    + " -ext san=dns:localhost,ip:127.0.0.1 -validity 2 -storetype PKCS12"
                    + " -storepass changeit")
                .split(" ")));
    command.addAll(List.of("-keystore", store.toString()));
    Process keytool = new ProcessBuilder(command).start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS) && keytool.exitValue() == 0).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      keys.load(file, PASSWORD);
    }
    pem("tls.crt", "CERTIFICATE", keys.getCertificate("ponder").getEncoded());
    pem("tls.key", "PRIVATE KEY", keys.getKey("ponder", PASSWORD).getEncoded());
  }

  private static void pem(String name, String kind, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(bytes);
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  private Shell jobs(String trusted) {
    var shell = new Shell();
    shell.environment.put("PONDER_API_KEY", KEY);
    if (trusted != null) {
      shell.environment.put("PONDER_CA_CERT", trusted);
    }
    exit = shell.run("jobs", "--server", "https://localhost:" + port);
    return shell;
  }

  private int exit;

  @Test
  void theCommandLineSpeaksTlsWithAServiceWhoseCertificateItIsTold() {
    Shell shell = jobs(folder.resolve("tls.crt").toString());

    assertThat(exit).as(shell.err).isZero();
  }

  @Test
  void aCertificateThatNobodyTrustsGetsNoKey() {
    Shell shell = jobs(null);

    assertThat(exit).isEqualTo(Exit.NO_SERVICE.code());
    assertThat(shell.err).contains("TLS failed", "PONDER_CA_CERT").doesNotContain(KEY);
  }

  @Test
  void aFileWithoutCertificatesIsNamed() {
    Shell shell = jobs(folder.resolve("tls.key").toString());

    assertThat(exit).isEqualTo(Exit.USAGE.code());
    assertThat(shell.err).contains("tls.key", "no PEM file with certificates");
  }

  @Test
  void withoutTlsNothingIsAnswered() throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
      String answer =
          new String(socket.getInputStream().readNBytes(2000), StandardCharsets.ISO_8859_1);

      assertThat(answer).doesNotContain("HTTP/1.1 200", "items");
    } catch (IOException closed) {
      assertThat(closed).isNotNull();
    }
  }
}
