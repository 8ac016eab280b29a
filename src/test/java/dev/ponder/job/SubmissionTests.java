package dev.ponder.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ponder.hostile.Cost;
import dev.ponder.hostile.SameHash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubmissionTests {

  @Test
  void countsTheMetadataBeforeItCopiesIt() {
    Map<String, String> hostile = metadata(SameHash.words(20_000));
    Map<String, String> harmless =
        metadata(
            IntStream.range(0, 20_000).mapToObj(i -> "name number %07d".formatted(i)).toList());

    assertThat(Cost.ratio(() -> refused(hostile), () -> refused(harmless))).isLessThan(6);
  }

  @Test
  void theMostMetadataIsCopiedAtNoCostWhateverItsNames() {
    Map<String, String> hostile = metadata(SameHash.words(Submission.METADATA_NAMES));

    assertThat(Cost.ratio(() -> copied(hostile, 20), () -> {})).isLessThan(200);
  }

  @Test
  void theMetadataStaysInOrder() {
    var metadata = new LinkedHashMap<String, String>();
    List.of("z", "a", "m", "b").forEach(name -> metadata.put(name, name));

    assertThat(submission(metadata).metadata().keySet()).containsExactly("z", "a", "m", "b");
  }

  private static void copied(Map<String, String> metadata, int times) {
    for (int i = 0; i < times; i++) {
      submission(metadata);
    }
  }

  private static void refused(Map<String, String> metadata) {
    assertThatExceptionOfType(JobProblem.InvalidSubmission.class)
        .isThrownBy(() -> submission(metadata))
        .withMessageContaining("20000");
  }

  private static Submission submission(Map<String, String> metadata) {
    return new Submission("Why?", null, null, null, null, metadata);
  }

  private static Map<String, String> metadata(List<String> names) {
    var metadata = new LinkedHashMap<String, String>();
    names.forEach(name -> metadata.put(name, ""));
    return metadata;
  }
}
