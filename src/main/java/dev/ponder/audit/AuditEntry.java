package dev.ponder.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One change, or an attempt at one. It holds names and ids, never what a job is about.
///
/// @param action what was asked for, as the API description calls it: `submitJob`
/// @param key the name of the API key, `-` without one
/// @param address where it came from, `-` for what the service or the command line did by itself
/// @param job the id of the job, if it was about one
/// @param about the model or the key it was about, if it was about one
/// @param outcome `done`, `refused` (the client's fault) or `failed` (ours)
/// @param status of the HTTP response, if there was one
public record AuditEntry(
    Instant time,
    String action,
    String key,
    String address,
    @Nullable String job,
    @Nullable String about,
    String outcome,
    @Nullable Integer status) {

  private static final String NOBODY = "-";

  /// Everything beyond ASCII is escaped, and so is every control character: a line is one line in
  /// every program, and moves no cursor.
  private static final JsonMapper ASCII =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final int FIRST_ERROR = 400;
  private static final int FIRST_OF_OURS = 500;

  /// What the service or the command line did without being asked over HTTP.
  public static AuditEntry own(Instant time, String action, String about, boolean done) {
    return new AuditEntry(
        time, action, NOBODY, NOBODY, null, about, done ? "done" : "failed", null);
  }

  /// What somebody asked for over HTTP.
  public static AuditEntry asked(
      Instant time,
      String action,
      @Nullable String key,
      String address,
      @Nullable String job,
      int status) {
    String outcome = status < FIRST_ERROR ? "done" : status < FIRST_OF_OURS ? "refused" : "failed";
    return new AuditEntry(
        time, action, key == null ? NOBODY : key, address, job, null, outcome, status);
  }

  /// A JSON object in a line.
  public String line() {
    ObjectNode json = ASCII.createObjectNode();
    json.put("time", time.truncatedTo(ChronoUnit.MILLIS).toString());
    json.put("action", action);
    json.put("key", key);
    json.put("address", address);
    if (job != null) {
      json.put("job", job);
    }
    if (about != null) {
      json.put("about", about);
    }
    json.put("outcome", outcome);
    if (status != null) {
      json.put("status", status);
    }
    // The one control character that JSON lets stand.
    return ASCII.writeValueAsString(json).replace("\u007f", "\\u007f");
  }
}
