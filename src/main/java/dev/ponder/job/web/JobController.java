package dev.ponder.job.web;

import static dev.ponder.web.ApiDescription.IDEMPOTENCY_REPLAYED;
import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import dev.ponder.job.Job;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobIntake;
import dev.ponder.job.JobStatus;
import dev.ponder.job.web.JobView.AnswerView;
import dev.ponder.web.Fails;
import dev.ponder.web.HttpSettings;
import dev.ponder.web.Page;
import dev.ponder.web.Problem;
import dev.ponder.web.ProblemType;
import dev.ponder.web.Refusal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Jobs over HTTP.
@RestController
@RequestMapping(path = "/v1/jobs", produces = APPLICATION_JSON_VALUE)
@Tag(name = "Jobs", description = "Submit a job, follow it, and get its answer.")
public class JobController {

  static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final JobIntake intake;
  private final JobCommands desk;
  private final JobViews views;
  private final HttpSettings settings;

  JobController(JobIntake intake, JobCommands desk, JobViews views, HttpSettings settings) {
    this.intake = intake;
    this.desk = desk;
    this.views = views;
    this.settings = settings;
  }

  @PostMapping(consumes = APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "submitJob",
      summary = "Submit a job",
      description =
          "Answers once the job is stored. Under the same Idempotency-Key the same job comes back.")
  @ApiResponse(
      responseCode = "202",
      description = "The job is accepted and waits to be thought about.",
      useReturnTypeSchema = true,
      headers = {
        @Header(name = "Location", ref = "Location"),
        @Header(name = "Retry-After", ref = "Retry-After"),
        @Header(name = IDEMPOTENCY_REPLAYED, ref = IDEMPOTENCY_REPLAYED)
      })
  @Fails({ProblemType.IDEMPOTENCY_KEY_REUSED, ProblemType.JOB_REFUSED, ProblemType.STORAGE_FULL})
  ResponseEntity<JobView> submit(
      @RequestBody SubmissionRequest request,
      @Parameter(
              description = "A name of your own for this submission, so that it can be repeated.",
              schema = @Schema(minLength = 1, maxLength = 255, pattern = "^[!-~]+$"))
          @RequestHeader(name = IDEMPOTENCY_KEY, required = false)
          @Nullable String key,
      @Parameter(hidden = true) @Nullable Principal caller) {
    String createdBy = caller == null ? null : caller.getName();
    var accepted = intake.accept(request.submission(), checked(key), createdBy);
    var response = accepted(accepted.job());
    if (accepted.replayed()) {
      response.header(IDEMPOTENCY_REPLAYED, "true");
    }
    return response.body(views.of(accepted.job()));
  }

  @GetMapping
  @Operation(
      operationId = "listJobs",
      summary = "List the jobs, newest first",
      description =
          "Each with the first 200 characters of its prompt and how far it is. Its whole prompt, its stages, its answer and its resumes are in GET /v1/jobs/{id}.")
  @ApiResponse(responseCode = "200", description = "One page of jobs.", useReturnTypeSchema = true)
  Page<ListedJobView> list(
      @Parameter(
              description = "Only jobs in one of these statuses.",
              array =
                  @io.swagger.v3.oas.annotations.media.ArraySchema(
                      schema =
                          @Schema(
                              type = "string",
                              allowableValues = {
                                "queued",
                                "running",
                                "paused",
                                "completed",
                                "failed",
                                "cancelled"
                              })))
          @RequestParam(required = false)
          @Nullable List<String> status,
      @Parameter(description = "Jobs on a page at most.")
          @RequestParam(defaultValue = "50")
          @Min(1)
          @Max(200)
          int limit,
      @Parameter(description = "nextCursor of the page before.", schema = @Schema(minLength = 1))
          @RequestParam(required = false)
          @Nullable String cursor) {
    return JobList.of(status, cursor).page(desk, views, limit);
  }

  @GetMapping("/{id}")
  @Operation(
      operationId = "getJob",
      summary = "Follow a job",
      description = "With If-None-Match, 304 says that nothing has changed.")
  @ApiResponse(
      responseCode = "200",
      description = "The job as it is now.",
      useReturnTypeSchema = true,
      headers = {
        @Header(name = "ETag", ref = "ETag"),
        @Header(name = "Retry-After", ref = "Retry-After-While-Open")
      })
  @ApiResponse(
      responseCode = "304",
      description = "The job is as it was.",
      content = {},
      headers = {
        @Header(name = "ETag", ref = "ETag"),
        @Header(name = "Retry-After", ref = "Retry-After-While-Open")
      })
  ResponseEntity<JobView> job(
      @PathVariable String id,
      @Parameter(description = "The ETag of the representation you have.")
          @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false)
          @Nullable String ifNoneMatch) {
    // Spring itself compares the ETag with those of If-None-Match and answers 304, but not for '*'.
    Job job = desk.find(id);
    JobView view = views.of(job);
    boolean anyWillDo = ifNoneMatch != null && ifNoneMatch.strip().equals("*");
    var response =
        ResponseEntity.status(anyWillDo ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
            .eTag(views.etag(view));
    if (!job.status().isFinal()) {
      response.header(HttpHeaders.RETRY_AFTER, retryAfter());
    }
    return anyWillDo ? response.build() : response.body(view);
  }

  @GetMapping("/{id}/answer")
  @Operation(operationId = "getAnswer", summary = "Get the answer of a job")
  @ApiResponse(responseCode = "200", description = "The answer.", useReturnTypeSchema = true)
  @Fails({ProblemType.ANSWER_NOT_READY, ProblemType.NO_ANSWER})
  AnswerView answer(@PathVariable String id) {
    Job job = desk.find(id);
    return job.answer().map(AnswerView::of).orElseThrow(() -> withoutAnswer(job));
  }

  @PostMapping("/{id}/cancel")
  @Operation(
      operationId = "cancelJob",
      summary = "Cancel a job",
      description = "Twice is harmless. What it thought stays readable.")
  @ApiResponse(
      responseCode = "200",
      description = "The job is cancelled.",
      useReturnTypeSchema = true)
  @Fails(ProblemType.WRONG_STATUS)
  JobView cancel(@PathVariable String id) {
    return views.of(desk.cancel(JobCommands.parsed(id)));
  }

  @PostMapping("/{id}/resume")
  @Operation(
      operationId = "resumeJob",
      summary = "Resume a paused job",
      description = "It goes on where it stopped: in the middle of a thought, if it was there.")
  @ApiResponse(
      responseCode = "202",
      description = "The job is queued again.",
      useReturnTypeSchema = true,
      headers = {
        @Header(name = "Location", ref = "Location"),
        @Header(name = "Retry-After", ref = "Retry-After")
      })
  @Fails(ProblemType.WRONG_STATUS)
  ResponseEntity<JobView> resume(@PathVariable String id) {
    Job job = desk.resume(JobCommands.parsed(id));
    return accepted(job).body(views.of(job));
  }

  @PostMapping("/{id}/restore")
  @Operation(
      operationId = "restoreJob",
      summary = "Take a job out of the archive",
      description =
          "What it thought can be read in the archive as well. Twice is harmless. It is archived again when it has been left alone as long as a job that has just ended.")
  @ApiResponse(
      responseCode = "200",
      description = "The job is not in the archive.",
      useReturnTypeSchema = true)
  @Fails({ProblemType.STORAGE_FULL, ProblemType.DAMAGED_ORIGINAL})
  JobView restore(@PathVariable String id) {
    return views.of(desk.restore(JobCommands.parsed(id)));
  }

  @DeleteMapping("/{id}")
  @Operation(
      operationId = "deleteJob",
      summary = "Delete a job",
      description = "Deletes its thoughts as well; one that runs is stopped.")
  @ApiResponse(
      responseCode = "204",
      description = "The job is gone.",
      content = {})
  ResponseEntity<Void> delete(@PathVariable String id) {
    desk.delete(JobCommands.parsed(id));
    return ResponseEntity.noContent().build();
  }

  private ResponseEntity.BodyBuilder accepted(Job job) {
    return ResponseEntity.status(HttpStatus.ACCEPTED)
        .location(URI.create("/v1/jobs/" + job.id()))
        .header(HttpHeaders.RETRY_AFTER, retryAfter());
  }

  private String retryAfter() {
    return Long.toString(settings.retryAfter().toSeconds());
  }

  private static @Nullable String checked(@Nullable String key) {
    if (key != null
        && (key.isEmpty()
            || key.length() > 255
            || !key.chars().allMatch(c -> c > ' ' && c < 127))) {
      throw new Refusal(
          Problem.of(
                  ProblemType.INVALID_REQUEST,
                  "The header Idempotency-Key has %d characters and has to be 1 to 255 visible ASCII characters without spaces."
                      .formatted(key.length()))
              .field(IDEMPOTENCY_KEY)
              .next("A random UUID makes a good key."));
    }
    return key;
  }

  private Refusal withoutAnswer(Job job) {
    if (job.status().isFinal()) {
      return new Refusal(
          Problem.of(
                  ProblemType.NO_ANSWER,
                  "Job %s is %s and has no answer%s"
                      .formatted(
                          job.id(),
                          job.status().key(),
                          job.failure().map(why -> ": " + why).orElse(".")))
              .found(job.status().key())
              .next("Submit a new job."));
    }
    return new Refusal(
        Problem.of(
                ProblemType.ANSWER_NOT_READY,
                "Job %s is %s and has no answer yet.".formatted(job.id(), job.status().key()))
            .found(job.status().key())
            .next(
                job.status() == JobStatus.PAUSED
                    ? "Resume it with POST /v1/jobs/%s/resume.".formatted(job.id())
                    : "Follow it with GET /v1/jobs/%s.".formatted(job.id()))
            .header(HttpHeaders.RETRY_AFTER, retryAfter()));
  }
}
