package dev.ponder.web;

import java.util.Locale;

/// Every kind of failure that HTTP can tell. The names are stable: programs branch on them.
public enum ProblemType {
  INVALID_REQUEST(
      400,
      "The request is not acceptable",
      "A field, header or parameter is missing, unknown or out of its limits."),
  MALFORMED_BODY(
      400, "The body cannot be read", "The body is missing, is not JSON, or is nested too deep."),
  INVALID_CURSOR(
      400,
      "The cursor is not one of ours",
      "The cursor was made up, shortened, or belongs to another list."),
  UNAUTHORIZED(401, "An API key is needed", "The API key is missing or unknown."),
  CROSS_SITE(
      403,
      "Another site's page may not do this",
      "The request would change something and comes from a page of another site."),
  UNKNOWN_HOST(
      403,
      "The service is not known by this name",
      "Without an API key only names of this machine and those of `ponder.http.hosts` are answered."),
  UNKNOWN_JOB(404, "There is no such job", "The job was never accepted here, or it was deleted."),
  UNKNOWN_THOUGHT(
      404,
      "There is no such thought",
      "The job has no thought of this id, or has not begun it yet."),
  UNKNOWN_PATH(404, "There is nothing at this path", "No operation has this path."),
  METHOD_NOT_ALLOWED(
      405, "The path has no such method", "The path exists and `Allow` names its methods."),
  NOT_ACCEPTABLE(
      406,
      "The answer cannot have the type asked for",
      "`Accept` names no type that the operation can answer with."),
  BODY_TOO_SLOW(
      408,
      "The body came too slowly",
      "The body was not sent, or not to its end, within what `ponder.http.patience` allows."),
  WRONG_STATUS(
      409, "The job's status does not allow this", "What was asked needs a job in another status."),
  ANSWER_NOT_READY(
      409, "There is no answer yet", "The job is not over; `Retry-After` says when to look again."),
  NO_ANSWER(
      409,
      "The job ended without an answer",
      "The job failed or was cancelled, so there is no answer to wait for."),
  NOT_COMPRESSED(
      409,
      "The thought is not compressed",
      "There is only the original: the sweep has not come to the thought, or has left it as it is."),
  BODY_TOO_LARGE(413, "The body is too large", "The body is larger than `ponder.http.body-max`."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "The body has the wrong type",
      "`Content-Type` is missing or names a type that the operation does not read."),
  IDEMPOTENCY_KEY_REUSED(
      422,
      "The idempotency key belongs to another submission",
      "The key was used with another payload."),
  JOB_REFUSED(
      429, "Too many jobs are waiting", "The queue is full; `Retry-After` says when to try again."),
  TOO_MANY_WRONG_KEYS(
      429,
      "Too many wrong API keys",
      "Many API keys that are none came from this address; `Retry-After` says when to try again. A good key is accepted meanwhile."),
  REFUSED(
      400,
      "The request was refused",
      "The request was refused for another reason, which the detail gives."),
  INTERNAL_ERROR(500, "The service made a mistake", "A fault of the service; its log says more."),
  DAMAGED_ORIGINAL(
      500,
      "What was put away is damaged",
      "The database gives back other bytes than were put away. They are not handed out."),
  UNAVAILABLE(
      503,
      "The service is busy or its database is away",
      "Nothing is lost; `Retry-After` says when to try again."),
  STORAGE_FULL(
      507,
      "There is no room for more",
      "`ponder.storage.total-max` is reached, also after old jobs were archived, or the disk of the database is full. Nothing is lost.");

  private final int status;
  private final String title;
  private final String meaning;

  ProblemType(int status, String title, String meaning) {
    this.status = status;
    this.title = title;
    this.meaning = meaning;
  }

  /// The `type` member: `/problems/unknown-job`.
  public String uri() {
    return "/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /// A sentence for the documentation.
  public String meaning() {
    return meaning;
  }
}
