package dev.ponder.stage.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class NotationTests {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @MethodSource("pairs")
  void tellsWhetherTwoAnswersDenoteTheSame(JsonNode pair) {
    Sameness said = Notation.compare(pair.get("one").asString(), pair.get("other").asString());

    boolean same = pair.get("same").asBoolean() && !pair.get("kind").asString().equals("judged");
    assertThat(said == Sameness.SAME).as(said.name()).isEqualTo(same);
  }

  @ParameterizedTest
  @MethodSource("ownPairs")
  void saysSameDifferentOrUnsettled(JsonNode pair) {
    String one = pair.get("one").asString();
    String other = pair.get("other").asString();

    assertThat(Notation.compare(one, other)).hasToString(pair.get("says").asString());
    assertThat(Notation.compare(other, one)).hasToString(pair.get("says").asString());
  }

  static Stream<JsonNode> pairs() {
    return lines("/answers/pairs.jsonl").stream();
  }

  static Stream<JsonNode> ownPairs() {
    return lines("/answers/own-pairs.jsonl").stream();
  }

  static List<JsonNode> lines(String resource) {
    try (var in = NotationTests.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .map(JSON::readTree)
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
