package dev.ponder.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A job as the service reports it, read leniently.
public record JobView(JsonNode json) {

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  /// One of the five stages.
  ///
  /// @param budget tokens that each of its branches may write
  public record StageView(
      String name, State state, long tokens, long budget, List<BranchView> branches) {

    long budgetOfAll() {
      return budget * Math.max(1, branches.size());
    }

    /// Of all its branches together: those that run now, or as they ran if the stage is done.
    public double tokensPerSecond() {
      return branches.stream()
          .filter(branch -> branch.state() == State.RUNNING || state != State.RUNNING)
          .mapToDouble(BranchView::tokensPerSecond)
          .sum();
    }
  }

  /// @param withOriginals whether it verifies again, with originals instead of summaries
  public record BranchView(
      long number,
      State state,
      long tokens,
      double tokensPerSecond,
      boolean forcedClose,
      boolean withOriginals) {

    public String name() {
      return withOriginals ? "with originals" : "branch " + number;
    }
  }

  /// What matters to somebody who watches; every other word of the service counts as waiting.
  public enum State {
    WAITING,
    RUNNING,
    DONE,
    SKIPPED,
    STOPPED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static State of(String status) {
      return switch (status) {
        case "running" -> RUNNING;
        case "completed", "done", "finished" -> DONE;
        case "skipped" -> SKIPPED;
        case "failed", "cancelled", "paused" -> STOPPED;
        default -> WAITING;
      };
    }
  }

  public String id() {
    return Words.line(Json.text(json, "id", "?"));
  }

  public String status() {
    return Words.line(Json.text(json, "status", "unknown"));
  }

  public boolean ended() {
    return switch (status()) {
      case "completed", "failed", "cancelled", "paused" -> true;
      default -> false;
    };
  }

  public Exit exit() {
    return switch (status()) {
      case "completed" ->
          switch (Json.text(json.path("answer"), "completeness", "full")) {
            case "partial" -> Exit.PARTIAL;
            case "none" -> Exit.NO_ANSWER;
            default -> Exit.OK;
          };
      case "failed" -> Exit.FAILED;
      case "cancelled" -> Exit.CANCELLED;
      case "paused" -> Exit.PAUSED;
      default -> Exit.OK;
    };
  }

  public long tokens() {
    return Json.number(json.path("progress"), "tokens");
  }

  public double percent() {
    return Json.decimal(json.path("progress"), "percent");
  }

  public double tokensPerSecond() {
    return Json.decimal(json.path("progress"), "tokensPerSecond");
  }

  public List<StageView> stages() {
    return json.path("stages").values().stream().map(JobView::stage).toList();
  }

  /// How long the job still has, or nothing if it ended or says no deadline.
  public @Nullable Duration left(Instant now) {
    Instant deadline = instant("deadline");
    if (deadline == null || ended()) {
      return null;
    }
    Duration left = Duration.between(now, deadline);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /// From submission to the end.
  public @Nullable Duration took() {
    Instant from = instant("createdAt");
    Instant to = instant("finishedAt");
    return from == null || to == null ? null : Duration.between(from, to);
  }

  /// How long ago it was submitted.
  public @Nullable Duration age(Instant now) {
    Instant created = instant("createdAt");
    return created == null ? null : Duration.between(created, now);
  }

  /// What it waits for, in a sentence without an end; nothing if it does not wait.
  ///
  /// @param zone in which people read the time
  public @Nullable String waits(ZoneId zone) {
    JsonNode waiting = json.path("waitingFor");
    if (!waiting.isObject()) {
      return null;
    }
    String reason = Words.line(Json.text(waiting, "reason", "")).replaceFirst("\\.$", "");
    Instant since = instant(waiting, "since");
    return "waits for the %s of %s%s%s"
        .formatted(
            Words.line(Json.text(waiting, "what", "engine")),
            Words.line(Json.text(waiting, "model", "its model")),
            since == null ? "" : " since " + CLOCK.format(since.atZone(zone)),
            reason.isEmpty() ? "" : ": " + reason);
  }

  public @Nullable String because(String field) {
    JsonNode cause = json.path(field);
    String said =
        cause.isObject()
            ? Json.text(cause, "detail", Json.text(cause, "message", Json.line(cause)))
            : Json.text(json, field);
    return said == null ? null : Words.line(said);
  }

  private @Nullable Instant instant(String field) {
    return instant(json, field);
  }

  private static @Nullable Instant instant(JsonNode json, String field) {
    String time = Json.text(json, field);
    try {
      return time == null ? null : Instant.parse(time);
    } catch (DateTimeParseException notATime) {
      return null;
    }
  }

  private static StageView stage(JsonNode stage) {
    List<BranchView> branches =
        stage.path("branches").values().stream()
            .filter(JsonNode::isObject)
            .map(
                branch ->
                    new BranchView(
                        Json.number(branch, "number"),
                        State.of(Json.text(branch, "status", "")),
                        Json.number(branch, "tokens"),
                        Json.decimal(branch, "tokensPerSecond"),
                        Json.flag(branch, "forcedClose"),
                        Json.flag(branch, "withOriginals")))
            .toList();
    return new StageView(
        Words.line(Json.text(stage, "name", "?")),
        State.of(Json.text(stage, "status", "")),
        Json.number(stage, "tokens"),
        Json.number(stage, "budget"),
        branches);
  }
}
