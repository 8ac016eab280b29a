package dev.ponder.job.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.ponder.job.JobProgress;
import dev.ponder.job.ListedJob;
import dev.ponder.job.web.JobView.ProgressView;
import dev.ponder.job.web.JobView.StandingView;
import dev.ponder.job.web.JobView.TimesView;
import dev.ponder.job.web.JobView.WishesView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.UUID;

/// A job as a list shows it.
@Schema(name = "ListedJob")
record ListedJobView(
    UUID id,
    @JsonUnwrapped StandingView standing,
    @Schema(
            description = "The first 200 characters of its prompt.",
            maxLength = ListedJob.BEGINNING)
        String promptBegins,
    @JsonUnwrapped WishesView wishes,
    @JsonUnwrapped TimesView times,
    ProgressView progress) {

  static ListedJobView of(ListedJob job, JobProgress progress, Map<String, String> metadata) {
    return new ListedJobView(
        job.id(),
        StandingView.of(job),
        job.promptBegins(),
        WishesView.of(job, metadata),
        TimesView.of(job),
        ProgressView.of(progress));
  }
}
