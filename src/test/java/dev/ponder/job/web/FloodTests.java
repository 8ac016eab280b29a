package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.hostile.SameHash;
import dev.ponder.job.JobSlice;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Bodies within the limit on bytes that would cost more than others of their size.
@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {JobSlice.FRESH_DATA, "ponder.jobs.waiting-max=3"})
class FloodTests {

  @Autowired JdbcClient jdbc;
  @LocalServerPort int port;
  Api api;

  @BeforeEach
  void connect() {
    api = new Api(port);
  }

  @AfterEach
  void empty() {
    jdbc.sql("delete from job").update();
  }

  @Test
  void namesOfOneHashAreRefusedWhileTheyAreRead() {
    refused(api.submit(submission(metadata(SameHash.words(38_000)))), "/problems/malformed-body");
  }

  @Test
  void hundredsOfHalfBodiesKeepNobodyWaiting() throws IOException {
    var halves = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 400; i++) {
        var half = new Socket("127.0.0.1", port);
        halves.add(half);
        half.getOutputStream()
            .write(
                "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{"
                    .getBytes(StandardCharsets.US_ASCII));
      }

      assertThat(api.get("/v1/jobs").status()).isEqualTo(200);
      assertThat(api.get("/actuator/health/liveness").status()).isEqualTo(200);
    } finally {
      for (Socket half : halves) {
        half.close();
      }
    }
  }

  @Test
  void moreNamesThanTheLimitAreRefused() {
    var answer = api.submit(submission(metadata(SameHash.words(1_001))));

    refused(answer, "/problems/invalid-request");
    assertThat(answer.at("/field")).isEqualTo("metadata");
    assertThat(answer.at("/detail")).contains("1001").contains("1000");
  }

  @Test
  void tensOfThousandsOfUnknownFieldsAreRefused() {
    String fields =
        SameHash.words(38_000).stream().map("\"%s\":1"::formatted).collect(Collectors.joining(","));

    refused(api.submit("{" + fields + "}"), "/problems/malformed-body");
  }

  @Test
  void namesOfOneClientDoNotMakeThoseOfAnotherOneCollide() {
    List<String> names = SameHash.jacksonNames(301);

    var hostile = inUtf16(submission(metadata(names.subList(0, 300))));
    var healthy = inUtf16(submission(metadata(names.subList(300, 301))));

    assertThat(hostile.status()).as(hostile.response().body()).isEqualTo(202);
    assertThat(healthy.status()).as(healthy.response().body()).isEqualTo(202);
  }

  @Test
  void whatIsTooLongIsRefusedInFewWords() {
    String long400 = "n".repeat(400_000);

    for (String body :
        List.of(
            "{\"" + long400 + "\":1}",
            submission("{\"" + long400 + "\":\"\"}"),
            submission("{\"" + long400 + "\":null}"),
            submission("{\"" + long400 + "\":{}}"),
            submission("{\"" + long400 + "\":\"\\ud800\"}"),
            "{\"prompt\":\"Why?\",\"seed\":" + "7".repeat(400_000) + "}",
            "{\"prompt\":\"Why?\",\"seed\":1e" + "7".repeat(400_000) + "}",
            "{\"prompt\":\"Why?\",\"model\":\"" + long400 + "\"}",
            "{\"prompt\":\"Why?\",\"pipeline\":\"" + long400 + "\"}")) {
      var answer = api.submit(body);
      assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
      assertThat(answer.problem()).startsWith("/problems/");
      assertThat(answer.response().body()).hasSizeLessThan(8_000);
    }
  }

  @Test
  void bytesThatAreNoCharactersAreRefused() {
    for (String bytes : List.of("\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f5")) {
      byte[] body = ("{\"prompt\":\"" + bytes + "\"}").getBytes(StandardCharsets.ISO_8859_1);

      var answer =
          api.method(
              "POST",
              "/v1/jobs",
              BodyPublishers.ofByteArray(body),
              "Content-Type",
              "application/json");

      assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
      assertThat(answer.problem()).startsWith("/problems/");
    }
  }

  @Test
  void theMostMetadataComesBackAsItWas() {
    var names = SameHash.words(400);

    var answer = api.submit(submission(metadata(names)));

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
    assertThat(api.get("/v1/jobs/" + answer.at("/id")).json().get("metadata").propertyNames())
        .containsExactlyElementsOf(names);
  }

  private Api.Answer inUtf16(String body) {
    return api.method(
        "POST",
        "/v1/jobs",
        BodyPublishers.ofString(body, StandardCharsets.UTF_16BE),
        "Content-Type",
        "application/json;charset=UTF-16BE");
  }

  private static void refused(Api.Answer answer, String type) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo(type);
    assertThat(answer.response().body()).hasSizeLessThan(8_000);
  }

  private static String submission(String metadata) {
    return "{\"prompt\":\"Why?\",\"metadata\":%s}".formatted(metadata);
  }

  private static String metadata(List<String> names) {
    return names.stream().map("\"%s\":\"\""::formatted).collect(Collectors.joining(",", "{", "}"));
  }
}
