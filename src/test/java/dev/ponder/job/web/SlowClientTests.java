package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.JobSlice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Clients that hold the service up, while it has room for forty connections.
@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      JobSlice.FRESH_DATA,
      JobSlice.SOME_DISK,
      "ponder.http.patience=2s",
      "ponder.http.connections-max=40",
      "ponder.http.connections-per-address-max=30"
    })
@ExtendWith(OutputCaptureExtension.class)
class SlowClientTests {

  private static final String SUBMISSION =
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  @LocalServerPort int port;
  private final List<Socket> opened = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : opened) {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 100\r\n\r\n{\"prompt\":",
        "Transfer-Encoding: chunked\r\n\r\n5;a="
      })
  void aBodyThatStallsIsToldSoWithoutAStackTrace(String beginning, CapturedOutput output)
      throws IOException {
    var client = open();

    client.getOutputStream().write(bytes(SUBMISSION + beginning));
    String answer = read(client);

    assertThat(answer).startsWith("HTTP/1.1 408 ").contains("application/problem+json");
    assertThat(answer).contains("\"type\":\"/problems/body-too-slow\"");
    assertThat(output.getAll()).doesNotContain("\tat ").doesNotContain("Exception");
  }

  @Test
  void whoeverHoldsAllConnectionsPushesOutTheirOwn() throws IOException {
    for (int i = 0; i < 200; i++) {
      open().getOutputStream().write(bytes(i % 2 == 0 ? "GET /v1" : SUBMISSION));
    }

    // Of those that come in one moment nobody has waited longest.
    for (int i = 0; i < 100 && !liveness().startsWith("HTTP/1.1 200 "); i++) {}

    for (int i = 0; i < 20; i++) {
      assertThat(liveness()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aRefusedBodyIsTakenInSoThatItsAnswerArrives() throws IOException {
    var client = open();
    OutputStream out = client.getOutputStream();
    out.write(bytes(SUBMISSION + "Content-Length: 14000000\r\n\r\n"));
    byte[] some = new byte[100_000];
    for (int i = 0; i < 140; i++) {
      out.write(some);
    }
    out.write(
        bytes(
            "GET /actuator/health/liveness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));

    String answer = read(client);

    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("HTTP/1.1 200 ");
  }

  @Test
  void aClientThatAsksWhetherToSendItsBodyIsToldAtOnce() throws IOException {
    var refused = open();
    refused
        .getOutputStream()
        .write(bytes(SUBMISSION + "Expect: 100-continue\r\nContent-Length: 14000000\r\n\r\n"));
    assertThat(read(refused)).startsWith("HTTP/1.1 413 ");
    var accepted = open();
    accepted
        .getOutputStream()
        .write(
            bytes(
                SUBMISSION
                    + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: 16\r\n\r\n"));

    assertThat(accepted.getInputStream().readNBytes(21))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("HTTP/1.1 100 Continue");
    accepted.getOutputStream().write(bytes("{\"prompt\":\"Why\"}"));
    assertThat(read(accepted)).contains("HTTP/1.1 202 ");
  }

  private String liveness() throws IOException {
    var client = open();
    client
        .getOutputStream()
        .write(
            bytes(
                "GET /actuator/health/liveness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    return read(client);
  }

  private Socket open() throws IOException {
    var socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    opened.add(socket);
    return socket;
  }

  private static String read(Socket client) throws IOException {
    InputStream answer = client.getInputStream();
    return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
