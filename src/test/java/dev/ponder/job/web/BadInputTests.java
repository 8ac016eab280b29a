package dev.ponder.job.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.JobSlice;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a client gets wrong, and what it is told.
@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {JobSlice.FRESH_DATA, "ponder.jobs.waiting-max=3"})
class BadInputTests {

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
  void whatIsMeantOnceIsRefusedTwice() {
    String[] keys = {"Idempotency-Key", "a", "Idempotency-Key", "b"};
    var twoKeys = api.submit(Api.prompt("Why?"), keys);
    var sameKeys = api.submit(Api.prompt("Why?"), "Idempotency-Key", "a", "Idempotency-Key", "a");
    var twoTypes = api.submit(Api.prompt("Why?"), "Content-Type", "text/plain");
    var twoCursors = api.get("/v1/jobs?cursor=a&cursor=b");
    var twoLimits = api.get("/v1/jobs?limit=1&limit=2");
    var twoStatuses = api.get("/v1/jobs?status=queued&status=running");

    refused(twoKeys, "/problems/invalid-request", "Idempotency-Key");
    assertThat(twoKeys.at("/detail"))
        .isEqualTo("The request has 2 headers Idempotency-Key and one is meant.");
    refused(sameKeys, "/problems/invalid-request", "Idempotency-Key");
    refused(twoTypes, "/problems/invalid-request", "Content-Type");
    refused(twoCursors, "/problems/invalid-request", "cursor");
    refused(twoLimits, "/problems/invalid-request", "limit");
    assertThat(twoStatuses.status()).isEqualTo(200);
    assertThat(jdbc.sql("select count(*) from job").query(Long.class).single()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"prompt\":null}", "{\"prompt\":\"\"}", "{\"prompt\":\" \\n\\u2003\"}"})
  void anEmptyPromptIsRefused(String body) {
    refused(api.submit(body), "/problems/invalid-request", "prompt");
  }

  @Test
  void anOversizedPromptIsRefused() {
    var answer = api.submit(Api.prompt("a".repeat(100_001)));

    refused(answer, "/problems/invalid-request", "prompt");
    assertThat(answer.at("/detail")).contains("100001").contains("100000");
  }

  @Test
  void anUnknownPipelineIsRefusedWithTheKnownOnes() {
    var answer = api.submit("{\"prompt\":\"Why?\",\"pipeline\":\"maxi\"}");

    refused(answer, "/problems/invalid-request", "pipeline");
    assertThat(answer.json().get("accepted").toString())
        .isEqualTo("[\"mini\",\"qwen3-30b-thinking\"]");
  }

  @Test
  void anUnknownModelIsRefusedWithTheKnownOnes() {
    var answer = api.submit("{\"prompt\":\"Why?\",\"model\":\"gpt\"}");

    refused(answer, "/problems/invalid-request", "model");
    assertThat(answer.json().get("accepted").toString()).isEqualTo("[\"mini\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1801", "0", "-5", "9223372036854775807", "-9223372036854775808"})
  void aDeadlineOverThirtyMinutesOrInThePastIsRefused(String seconds) {
    var answer = api.submit("{\"prompt\":\"Why?\",\"deadlineSeconds\":" + seconds + "}");

    refused(answer, "/problems/invalid-request", "deadlineSeconds");
    assertThat(answer.at("/detail")).contains(seconds).contains("1800");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt\":\"Why?\"",
        "{\"prompt\":\"Why?\",}",
        "{prompt:\"Why?\"}",
        "nonsense",
        "[1,2",
        "{\"prompt\":\"Why?\"} {}",
        "{\"prompt\":\"Why?\"}]",
        "",
        " ",
        "null",
        "[]",
        "\"Why?\"",
        "7",
        "{\"prompt\":\"a\",\"prompt\":\"b\"}",
        "{\"prompt\":\"\\x\"}",
        "{\"prompt\":\"\u0001\"}",
        "{\"prompt\":\"a\",\"metadata\":{\"\\ud83d\":\"v\"}}"
      })
  void aMalformedBodyIsRefused(String body) {
    var answer = api.submit(body);

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo("/problems/malformed-body");
    assertThat(answer.at("/detail")).doesNotContain("dev.ponder").doesNotContain("tools.jackson");
  }

  @Test
  void anUnknownFieldIsRefusedWithTheNearestOne() {
    var answer = api.submit("{\"prompt\":\"Why?\",\"deadlineSecond\":5}");

    refused(answer, "/problems/invalid-request", "deadlineSecond");
    assertThat(answer.at("/detail")).contains("Did you mean 'deadlineSeconds'?");
    assertThat(answer.json().get("accepted").values().stream().map(name -> name.asString()))
        .containsExactlyInAnyOrder(
            "prompt", "pipeline", "model", "deadlineSeconds", "seed", "metadata");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e400",
        "1.5",
        "\"7\"",
        "true",
        "[]",
        "{}",
        "9223372036854775808",
        "-9223372036854775809",
        "1e3",
        "NaN"
      })
  void aSeedIsAWholeNumberOfSixtyFourBits(String seed) {
    var answer = api.submit("{\"prompt\":\"Why?\",\"seed\":" + seed + "}");

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
    assertThat(answer.problem()).startsWith("/problems/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "true", "[\"Why?\"]", "{}"})
  void aPromptOfAnotherTypeIsRefused(String prompt) {
    refused(api.submit("{\"prompt\":" + prompt + "}"), "/problems/invalid-request", "prompt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "\"x\"", "[]", "{\"a\":7}", "{\"a\":null}", "{\"a\":{\"b\":\"c\"}}"})
  void metadataIsAnObjectOfStrings(String metadata) {
    var answer = api.submit("{\"prompt\":\"Why?\",\"metadata\":" + metadata + "}");

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo("/problems/invalid-request");
    assertThat(answer.at("/field")).startsWith("metadata");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt\":\"a\\u0000b\"}",
        "{\"prompt\":\"a\\ud800b\"}",
        "{\"prompt\":\"a\\udc00\\ud800\"}",
        "{\"prompt\":\"a\",\"metadata\":{\"k\":\"\\u0000\"}}",
        "{\"prompt\":\"a\",\"model\":\"mi\\u0000ni\"}",
        "{\"prompt\":\"a\",\"pipeline\":\"\\udfff\"}"
      })
  void textThatNoDatabaseKeepsIsRefused(String body) {
    var answer = api.submit(body);

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo("/problems/invalid-request");
    assertThat(answer.at("/detail")).contains("cannot be stored");
  }

  @Test
  void emojiAreTextLikeAnyOther() {
    var answer =
        api.submit("{\"prompt\":\"\\ud83d\\ude00 \uD83D\uDE00\",\"metadata\":{\"🙂\":\"é\"}}");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.at("/prompt")).isEqualTo("😀 😀");
    assertThat(answer.at("/metadata/🙂")).isEqualTo("é");
  }

  @Test
  void deepNestingIsRefused() {
    var answer = api.submit("{\"prompt\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}");
    var unknown = api.submit("{\"x\":" + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_001));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(answer.problem()).startsWith("/problems/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "nonsense",
        "*/*"
      })
  void aWrongContentTypeIsRefused(String type) {
    var answer =
        api.method(
            "POST", "/v1/jobs", BodyPublishers.ofString("prompt=Why?"), "Content-Type", type);

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(415);
    assertThat(answer.problem()).isEqualTo("/problems/unsupported-media-type");
    assertThat(answer.json().get("accepted").toString()).isEqualTo("[\"application/json\"]");
  }

  @Test
  void aMissingContentTypeIsRefused() {
    var answer = api.method("POST", "/v1/jobs", BodyPublishers.ofString(Api.prompt("Why?")));

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.problem()).isEqualTo("/problems/unsupported-media-type");
  }

  @Test
  void aKeyWithAnotherPayloadIsRefused() {
    String id = api.submit(Api.prompt("Why?"), "Idempotency-Key", "k").at("/id");

    var answer = api.submit(Api.prompt("Why not?"), "Idempotency-Key", "k");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.problem()).isEqualTo("/problems/idempotency-key-reused");
    assertThat(answer.at("/detail")).contains(id);
  }

  @Test
  void aKeyIsOneToTwoHundredAndFiftyFiveVisibleCharacters() {
    var longest = api.submit(Api.prompt("Why?"), "Idempotency-Key", "k".repeat(255));
    var tooLong = api.submit(Api.prompt("Why?"), "Idempotency-Key", "k".repeat(256));
    var empty = api.submit(Api.prompt("Why?"), "Idempotency-Key", "");
    var spaced = api.submit(Api.prompt("Why?"), "Idempotency-Key", "a b");

    assertThat(longest.status()).isEqualTo(202);
    refused(tooLong, "/problems/invalid-request", "Idempotency-Key");
    refused(empty, "/problems/invalid-request", "Idempotency-Key");
    refused(spaced, "/problems/invalid-request", "Idempotency-Key");
  }

  @Test
  void aFullQueueRefusesWithTheTimeToTryAgainButReplaysStill() {
    var first = api.submit(Api.prompt("1"), "Idempotency-Key", "first");
    api.submitted("2");
    api.submitted("3");

    var refused = api.submit(Api.prompt("4"));
    var replayed = api.submit(Api.prompt("1"), "Idempotency-Key", "first");

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.problem()).isEqualTo("/problems/job-refused");
    assertThat(refused.header("Retry-After")).isEqualTo("10");
    assertThat(refused.json().get("limit").asInt()).isEqualTo(3);
    assertThat(replayed.status()).isEqualTo(202);
    assertThat(replayed.at("/id")).isEqualTo(first.at("/id"));
  }

  @Test
  void aBodyOverTheLimitIsRefusedAlsoWhenItComesInChunks() {
    byte[] body = Api.prompt("a".repeat(3_000_000)).getBytes();

    var announced =
        api.method(
            "POST",
            "/v1/jobs",
            BodyPublishers.ofByteArray(body),
            "Content-Type",
            "application/json");
    var chunked =
        api.method(
            "POST",
            "/v1/jobs",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)),
            "Content-Type",
            "application/json");

    for (var answer : List.of(announced, chunked)) {
      assertThat(answer.status()).as(answer.response().body()).isEqualTo(413);
      assertThat(answer.problem()).isEqualTo("/problems/body-too-large");
      assertThat(answer.json().get("limit").asInt()).isEqualTo(1 << 20);
    }
  }

  private static void refused(Api.Answer answer, String type, String field) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo(type);
    assertThat(answer.at("/field")).isEqualTo(field);
  }
}
