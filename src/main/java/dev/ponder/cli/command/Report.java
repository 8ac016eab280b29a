package dev.ponder.cli.command;

import dev.ponder.cli.client.ServiceClient;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.JobView;
import dev.ponder.cli.output.Json;
import dev.ponder.cli.output.Words;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a job came to, for a person: the answer and what it is worth, or why there is none.
final class Report {

  private final CliEnvironment surroundings;
  private final UnaryOperator<String> hint;

  Report(CliEnvironment surroundings, UnaryOperator<String> hint) {
    this.surroundings = surroundings;
    this.hint = hint;
  }

  /// @param service where the thoughts can be read by others too; nothing if it ends with us
  void print(JobView job, @Nullable URI service) {
    List<String> lines = new ArrayList<>();
    JsonNode answer = job.json().path("answer");
    if (answer.isObject()) {
      answered(job, answer, lines);
    }
    Exit exit = job.exit();
    switch (exit) {
      case FAILED -> lines.add("The job failed: " + orUnknown(job.because("failure")));
      case CANCELLED -> lines.add("The job was cancelled.");
      case PAUSED -> {
        lines.add("The job is paused: " + orUnknown(job.because("pausedBecause")));
        lines.add("Go on with:  " + hint.apply("resume " + job.id()));
      }
      default -> {}
    }
    if (job.tokens() > 0 || answer.isObject()) {
      lines.add("Thoughts:   " + hint.apply("show " + job.id() + " --thoughts"));
      if (service != null) {
        lines.add("            curl -s " + service + ServiceClient.jobPath(job.id()) + "/thoughts");
      }
    }
    if (exit != Exit.OK) {
      lines.add(exit.inWords());
    }
    lines.forEach(surroundings.out()::println);
    surroundings.out().flush();
  }

  private static void answered(JobView job, JsonNode answer, List<String> lines) {
    lines.add(Json.text(answer, "text", "").strip());
    lines.add("");
    if (job.exit() == Exit.PARTIAL) {
      lines.add("Partial:    not all stages were done.");
    }
    if (job.exit() == Exit.NO_ANSWER) {
      lines.add("No answer:  the job came to none.");
    }
    String basis = Json.text(answer, "confidenceBasis");
    if (answer.path("confidence").isNumber()) {
      lines.add(
          "Confidence: "
              + Words.confidence(Json.decimal(answer, "confidence"))
              + (basis == null ? "" : ", " + Words.line(basis)));
    }
    String rests = Words.line(restsOn(answer.path("restsOn")));
    if (!rests.isEmpty()) {
      lines.add("Rests on:   " + rests);
    }
    Duration took = job.took();
    lines.add(
        "Written:    "
            + Words.tokens(job.tokens())
            + (took == null ? "" : " in " + Words.seconds(took)));
  }

  private static String restsOn(JsonNode rests) {
    if (rests.isArray()) {
      return String.join(
          "; ", rests.values().stream().map(Report::restsOn).filter(r -> !r.isEmpty()).toList());
    }
    if (rests.isObject()) {
      return String.join(
          ", ",
          rests.properties().stream()
              .filter(entry -> entry.getValue().isValueNode() && !entry.getValue().isNull())
              .map(entry -> spaced(entry.getKey()) + ": " + entry.getValue().asString())
              .toList());
    }
    return rests.isValueNode() && !rests.isNull() ? rests.asString() : "";
  }

  /// `forcedClose` becomes "forced close".
  private static String spaced(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(java.util.Locale.ROOT);
  }

  private static String orUnknown(@Nullable String cause) {
    return cause == null ? "the service does not say why." : cause;
  }
}
