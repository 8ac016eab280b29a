package dev.ponder.job.web;

import dev.ponder.job.Job;
import dev.ponder.job.JobFacts;
import dev.ponder.job.JobInsight;
import dev.ponder.job.JobProgress;
import dev.ponder.job.ListedJob;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Shows jobs: what is stored of them, together with how far the thinking is.
@Component
class JobViews {

  private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

  private final JobInsight insight;
  private final JsonMapper json;

  JobViews(JobInsight insight, JsonMapper json) {
    this.insight = insight;
    this.json = json;
  }

  JobView of(Job job) {
    return JobView.of(job, insight.progress(job), metadata(job));
  }

  List<ListedJobView> of(List<ListedJob> jobs) {
    Map<UUID, JobProgress> progress = insight.progress(jobs);
    return jobs.stream()
        .map(job -> ListedJobView.of(job, progress.get(job.id()), metadata(job)))
        .toList();
  }

  private Map<String, String> metadata(JobFacts job) {
    return job.metadata().map(text -> json.readValue(text, STRINGS)).orElse(Map.of());
  }

  /// A name for exactly this representation.
  String etag(JobView view) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(view));
      return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
