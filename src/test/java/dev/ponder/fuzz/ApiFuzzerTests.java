package dev.ponder.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.job.JobSlice;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// A fuzzer that finds nothing proves nothing: this one is shown operations that break their word.
@SpringBootTest(
    classes = JobSlice.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = JobSlice.FRESH_DATA)
@Import(ApiFuzzerTests.Liars.class)
class ApiFuzzerTests {

  private static final long SEED = 4711;

  @LocalServerPort int port;

  @ParameterizedTest
  @CsvSource({
    "/lies/status, status 418 is not described",
    "/lies/body, the body breaks its schema",
    "/lies/type, the type text/plain is not described",
    "/lies/missing-header, the header etag is missing",
    "/lies/extra-header, the header location is not described",
    "/lies/failure, status 500",
    "/lies/lenient, a body that breaks the description was accepted"
  })
  void aBrokenPromiseIsFoundWithTheRequestAndTheSeed(String path, String breach) throws Exception {
    var fuzzer = new ApiFuzzer(port, SEED).only(path);

    List<String> breaches = fuzzer.run(300, List.of()).breaches();

    assertThat(breaches)
        .isNotEmpty()
        .allSatisfy(
            told ->
                assertThat(told).contains("curl -i").contains(path).contains("of seed " + SEED));
    assertThat(breaches).anySatisfy(told -> assertThat(told).startsWith(breach));
  }

  record Truth(int number) {}

  @TestConfiguration
  @RestController
  static class Liars {

    @GetMapping("/lies/status")
    ResponseEntity<Truth> status() {
      return ResponseEntity.status(418).body(new Truth(1));
    }

    @GetMapping(path = "/lies/body", produces = "application/json")
    @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
    ResponseEntity<Truth> body() {
      @SuppressWarnings({"unchecked", "rawtypes"}) // the lie
      ResponseEntity<Truth> lie = (ResponseEntity) ResponseEntity.ok(Map.of("nombre", 1));
      return lie;
    }

    @GetMapping("/lies/type")
    @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
    ResponseEntity<Truth> type() {
      @SuppressWarnings({"unchecked", "rawtypes"}) // the lie
      ResponseEntity<Truth> lie =
          (ResponseEntity) ResponseEntity.ok().header("Content-Type", "text/plain").body("one");
      return lie;
    }

    @GetMapping(path = "/lies/missing-header", produces = "application/json")
    @ApiResponse(
        responseCode = "200",
        useReturnTypeSchema = true,
        headers = @Header(name = "ETag", ref = "ETag"))
    Truth missingHeader() {
      return new Truth(1);
    }

    @GetMapping(path = "/lies/extra-header", produces = "application/json")
    ResponseEntity<Truth> extraHeader() {
      return ResponseEntity.ok().header("Location", "/elsewhere").body(new Truth(1));
    }

    @GetMapping(path = "/lies/failure", produces = "application/json")
    Truth failure() {
      throw new IllegalStateException("on purpose");
    }

    @PostMapping(
        path = "/lies/lenient",
        consumes = "application/json",
        produces = "application/json")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
        required = true,
        content =
            @io.swagger.v3.oas.annotations.media.Content(
                mediaType = "application/json",
                schema = @io.swagger.v3.oas.annotations.media.Schema(implementation = Truth.class)))
    Truth lenient(@RequestBody Map<String, Object> anything) {
      return new Truth(1);
    }
  }
}
