package dev.ponder.journal.archive;

import dev.ponder.journal.Checkpoint;
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

  /// The chunks of a job's running thoughts.
  @Query(
      """
      select new dev.ponder.journal.Checkpoint(c.seq, t.stage, t.visit, t.branch,
        c.place.fromToken + c.tokens)
      from ChunkRow c join ThoughtRow t on t.id = c.place.thoughtId
      where t.jobId = :job
      """)
  List<Checkpoint> chunks(UUID job);

  /// The finished thoughts of a job without their reasoning. The database cuts the conclusion out,
  /// so that polling a long job does not carry its thoughts about.
  @Query(
      """
      select new dev.ponder.journal.archive.ThoughtSummary(t.stage, t.visit, t.branch, t.tokens,
        coalesce(t.conclusion, case when locate('</think>', t.text) > 0
          then substring(t.text, locate('</think>', t.text) + 8) else '' end),
        t.closedBy, t.decodeMillis)
      from ThoughtRow t where t.jobId = :job and t.finishedAt is not null
      """)
  List<ThoughtSummary> summaries(UUID job);

  /// The finished thoughts of a job in the order they were finished, without a look at what is
  /// cold.
  @Query(
      """
      select t from ThoughtRow t
      where t.jobId = :job and t.finishedAt is not null order by t.finishedAt, t.id
      """)
  List<ThoughtRow> finished(UUID job);

  /// The same with what is cold.
  @Query(
      """
      select new dev.ponder.journal.archive.Thoughts$Whole(t, c)
      from ThoughtRow t left join ColdThought c on c.thoughtId = t.id
      where t.jobId = :job and t.finishedAt is not null order by t.finishedAt, t.id
      """)
  List<Whole> whole(UUID job);

  /// One of [#finished].
  @Query(
      """
      select t from ThoughtRow t
      where t.jobId = :job and t.stage = :stage and t.visit = :visit and t.branch = :branch
        and t.finishedAt is not null
      """)
  List<ThoughtRow> finished(UUID job, String stage, int visit, int branch);

  /// One of [#whole].
  @Query(
      """
      select new dev.ponder.journal.archive.Thoughts$Whole(t, c)
      from ThoughtRow t left join ColdThought c on c.thoughtId = t.id
      where t.jobId = :job and t.stage = :stage and t.visit = :visit and t.branch = :branch
        and t.finishedAt is not null
      """)
  List<Whole> whole(UUID job, String stage, int visit, int branch);

  /// @param cold null where its text is in its row
  record Whole(ThoughtRow row, @Nullable ColdThought cold) {

    StoredThought thought() {
      return row.original(cold);
    }
  }

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
