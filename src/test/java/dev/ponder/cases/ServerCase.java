package dev.ponder.cases;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One kind of server, and how its job has to end.
///
/// @param context what the server says of its context; null is nothing
/// @param wanted how the job ends
record ServerCase(
    String name, CaseServer.Scenario server, @Nullable Integer context, Wanted wanted) {

  /// How a job ends.
  ///
  /// @param statuses one of these
  /// @param text of the answer, or what the job has to say instead; null is any
  /// @param confidence at least
  /// @param completeness null is any
  /// @param requests completions that the server is asked for, at most
  /// @param thoughts that are written, at most
  /// @param seconds of its deadline
  record Wanted(
      List<String> statuses,
      @Nullable String text,
      double confidence,
      @Nullable String completeness,
      int requests,
      int thoughts,
      int seconds) {

    /// A whole answer, sure and without a second exploration.
    static Wanted full() {
      return new Wanted(
          List.of("completed"), "The product is 42.", 0.85, "full", 14, 7, ServerCases.PATIENT);
    }

    /// An answer from what there is, in time.
    static Wanted inTime() {
      return new Wanted(List.of("completed"), null, 0, "partial|none", 60, 11, ServerCases.SHORT);
    }

    /// An end that says what the server said.
    static Wanted ends(String status, String said, int requests) {
      return new Wanted(
          List.of(status.split("\\|")), said, 0, null, requests, 11, ServerCases.PATIENT);
    }

    Wanted text(@Nullable String other) {
      return new Wanted(statuses, other, confidence, completeness, requests, thoughts, seconds);
    }

    Wanted confidence(double other) {
      return new Wanted(statuses, text, other, completeness, requests, thoughts, seconds);
    }

    Wanted completeness(@Nullable String other) {
      return new Wanted(statuses, text, confidence, other, requests, thoughts, seconds);
    }

    Wanted requests(int other) {
      return new Wanted(statuses, text, confidence, completeness, other, thoughts, seconds);
    }

    Wanted thoughts(int other) {
      return new Wanted(statuses, text, confidence, completeness, requests, other, seconds);
    }

    Wanted within(int other) {
      return new Wanted(statuses, text, confidence, completeness, requests, thoughts, other);
    }
  }

  /// What of the job's end is not as it has to be.
  ///
  /// @param asked completions that the server was asked for
  List<String> faults(JsonNode job, int asked) {
    List<String> faults = new ArrayList<>();
    String status = job.path("status").asString("");
    String text = job.at("/answer/text").asString("").strip();
    if (!wanted.statuses().contains(status)) {
      faults.add("it is " + status);
    }
    String expected = wanted.text();
    if (expected != null && status.equals("completed") && !text.equals(expected)) {
      faults.add("it answers '" + text + "'");
    }
    String said =
        text + job.path("pausedBecause") + job.path("failure") + job.at("/answer/restsOn");
    if (expected != null && !status.equals("completed") && !said.contains(expected)) {
      faults.add("it does not say '" + expected + "'");
    }
    if (job.at("/answer/confidence").asDouble(0) < wanted.confidence()) {
      faults.add("its confidence is " + job.at("/answer/confidence"));
    }
    String completeness = wanted.completeness();
    if (completeness != null
        && !List.of(completeness.split("\\|"))
            .contains(job.at("/answer/completeness").asString(""))) {
      faults.add("its completeness is " + job.at("/answer/completeness"));
    }
    if (job.path("finishedAt").isString()
        && Instant.parse(job.path("finishedAt").asString())
            .isAfter(Instant.parse(job.path("deadline").asString()))) {
      faults.add("it ended at %s".formatted(job.path("finishedAt").asString()));
    }
    if (asked > wanted.requests()) {
      faults.add("the server was asked %d times".formatted(asked));
    }
    int thoughts = 0;
    for (JsonNode stage : job.path("stages").values()) {
      thoughts += stage.path("branches").size();
    }
    if (thoughts > wanted.thoughts()) {
      faults.add("%d thoughts were written".formatted(thoughts));
    }
    return faults;
  }
}
