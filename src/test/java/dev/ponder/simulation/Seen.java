package dev.ponder.simulation;

import dev.ponder.job.JobStatus;
import dev.ponder.memory.ThoughtKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was last seen of a job in the committed rows.
final class Seen {
  JobStatus status = JobStatus.QUEUED;
  long epoch;
  long seed;
  @Nullable String because;
  Instant deadline = Instant.MAX;
  @Nullable Instant finishedAt;
  boolean answered;
  boolean archived;
  final List<String> lines = new ArrayList<>();
  int inChunks;
  final Set<ThoughtKey> told = new HashSet<>();
  final Map<ThoughtKey, String> finished = new HashMap<>();
}
