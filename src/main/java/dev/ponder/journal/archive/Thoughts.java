package dev.ponder.journal.archive;

import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/// The thoughts of jobs, without their texts.
public interface Thoughts extends Repository<ThoughtRow, Long> {

  /// How much of each thought of these jobs is durable. A job that has none, or has its thoughts in
  /// the archive, has one line without a thought.
  @Query(
      """
      select new dev.ponder.journal.archive.Thoughts$Durable(j.id, j.archivedTokens,
        t.stage, t.visit, t.branch, t.finishedAt,
        case when t.finishedAt is null
          then (select sum(c.tokens) from ChunkRow c where c.place.thoughtId = t.id)
          else cast(t.tokens as Long) end)
      from ListedJob j left join ThoughtRow t on t.jobId = j.id
      where j.id in :jobs
      """)
  List<Durable> durable(Collection<UUID> jobs);

  /// @param archivedTokens of all its thoughts, if they were counted on their way into the archive
  /// @param tokens null where no chunk of the thought is durable yet, or there is no thought
  record Durable(
      UUID job,
      @Nullable Long archivedTokens,
      @Nullable String stage,
      @Nullable Integer visit,
      @Nullable Integer branch,
      @Nullable Instant finishedAt,
      @Nullable Long tokens) {

    /// Which thought it is, where there is one.
    public ThoughtKey key() {
      return new ThoughtKey(Stage.of(stage).orElseThrow(), visit, branch);
    }
  }
}
