package dev.ponder.journal.archive;

import dev.ponder.job.JobFacts;
import dev.ponder.job.JobProblem;
import dev.ponder.journal.History;
import dev.ponder.journal.JournalEntry;
import dev.ponder.journal.Journals;
import dev.ponder.journal.archive.ArchivedJob.Item;
import dev.ponder.journal.web.ThinkingController;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/// What is kept of one job's thinking, wherever it lies. For one look, by one thread.
///
/// A job leaves the tables for the archive in one step, and comes back in one. So where it was
/// expected and has nothing, it has moved since, and is looked for in the other place.
public final class JobRecord {

  private final UUID job;
  private final boolean over;
  private final JdbcTemplate jdbc;
  private final Journals journals;
  private final Archive archive;
  private @Nullable ArchivedJob index;

  JobRecord(JobFacts job, JdbcTemplate jdbc, Journals journals, Archive archive) {
    this.job = job.id();
    this.over = job.status().isFinal();
    this.jdbc = jdbc;
    this.journals = journals;
    this.archive = archive;
    this.index = job.archivedAt().isPresent() ? archive.find(this.job).orElse(null) : null;
  }

  private <T> List<T> read(Supplier<List<T>> hot, Function<ArchivedJob, List<T>> archived) {
    if (index == null) {
      List<T> rows = hot.get();
      if (!rows.isEmpty() || !over) {
        return rows;
      }
      index = archive.find(job).orElse(null);
    }
    return index == null ? List.of() : archived.apply(index);
  }

  /// The finished thoughts of a job, in the order they were finished.
  ///
  /// @param form null for the form that each is in: compressed, if it has been
  /// @throws JobProblem.Damaged if what has to be shown is not what was put away
  public List<StoredThought> thoughts(@Nullable ThoughtForm form) {
    return form == ThoughtForm.ORIGINAL
        ? read(() -> originals(null), this::archivedOriginals)
        : read(() -> asTheyAre(null), this::archivedAsTheyAre);
  }

  /// One finished thought, if there is such a one.
  ///
  /// @throws JobProblem.Damaged if what has to be shown is not what was put away
  public Optional<StoredThought> thought(ThoughtKey key, @Nullable ThoughtForm form) {
    boolean original = form == ThoughtForm.ORIGINAL;
    return read(
            () -> original ? originals(key) : asTheyAre(key),
            index -> original ? archivedOriginals(index) : archivedAsTheyAre(index))
        .stream()
        .filter(thought -> thought.key().equals(key))
        .findFirst();
  }

  private List<StoredThought> originals(@Nullable ThoughtKey only) {
    return query(
        ThoughtRows.WITH_ORIGINALS,
        only,
        (row, n) -> StoredThought.original(ThoughtRows.original(row), ThoughtRows.mark(row)));
  }

  /// Those that are compressed without a look at their originals.
  private List<StoredThought> asTheyAre(@Nullable ThoughtKey only) {
    return query(
        "select t.*, cast(null as bytea) as cold, cast(null as bytea) as sha256 from thought t",
        only,
        (row, n) ->
            row.getString("summary") == null
                ? StoredThought.original(ThoughtRows.original(row), ThoughtRows.mark(row))
                : ThoughtRows.compressed(row));
  }

  private List<StoredThought> query(
      String select, @Nullable ThoughtKey only, RowMapper<StoredThought> mapper) {
    String finished = select + " where t.job_id = ? and t.finished_at is not null";
    return only == null
        ? jdbc.query(finished + " order by t.finished_at, t.id", mapper, job)
        : jdbc.query(
            finished + " and t.stage = ? and t.visit = ? and t.branch = ?",
            mapper,
            job,
            only.stage().key(),
            only.visit(),
            only.branch());
  }

  private List<StoredThought> archivedOriginals(ArchivedJob index) {
    return archived(index, archive.texts(job).orElse(List.of()), false);
  }

  private List<StoredThought> archivedAsTheyAre(ArchivedJob index) {
    boolean textsNeeded =
        index.thoughts().stream().anyMatch(item -> item.finished() && item.summary() == null);
    List<ArchivedJob.Text> texts = textsNeeded ? archive.texts(job).orElse(List.of()) : List.of();
    return archived(index, texts, true);
  }

  private List<StoredThought> archived(
      ArchivedJob index, List<ArchivedJob.Text> texts, boolean compressed) {
    List<StoredThought> thoughts = new ArrayList<>();
    for (int i = 0; i < index.thoughts().size(); i++) {
      Item item = index.thoughts().get(i);
      if (item.finished() && compressed && item.summary() != null) {
        thoughts.add(
            new StoredThought(
                item.key(),
                item.seed(),
                ThoughtForm.COMPRESSED,
                item.summary(),
                item.conclusion(),
                item.tokens(),
                item.forcedClose(),
                item.mark()));
      } else if (item.finished() && i < texts.size()) {
        thoughts.add(StoredThought.original(thought(item, texts.get(i)), item.mark()));
      }
    }
    return thoughts;
  }

  private Thought thought(Item item, ArchivedJob.Text text) {
    if (item.sha256() != null) {
      Original.verify(text.whole(), item.sha256(), job, item.key());
    }
    return Thought.of(
        item.key(),
        item.seed(),
        text.whole(),
        item.tokens(),
        item.thinkingTokens(),
        item.closedBy());
  }

  /// The finished thoughts of a job without their reasoning.
  public List<ThoughtSummary> summaries() {
    return read(
        () -> journals.summaries(job),
        index -> index.thoughts().stream().filter(Item::finished).map(JobRecord::summary).toList());
  }

  private static ThoughtSummary summary(Item item) {
    return new ThoughtSummary(
        item.key(),
        item.tokens(),
        item.conclusion(),
        item.forcedClose(),
        item.decodeMillis() == 0 ? 0 : item.tokens() * 1000.0 / item.decodeMillis());
  }

  /// The durable part of the thoughts that never came to their end.
  public Map<ThoughtKey, History.Interrupted> interrupted() {
    return index == null ? journals.interrupted(job) : interrupted(index);
  }

  private Map<ThoughtKey, History.Interrupted> interrupted(ArchivedJob index) {
    Map<ThoughtKey, History.Interrupted> interrupted = new LinkedHashMap<>();
    if (index.thoughts().stream().allMatch(item -> item.chunks().isEmpty())) {
      return interrupted;
    }
    List<ArchivedJob.Text> texts = archive.texts(job).orElse(List.of());
    for (int i = 0; i < Math.min(texts.size(), index.thoughts().size()); i++) {
      Item item = index.thoughts().get(i);
      if (!item.chunks().isEmpty()) {
        var text = new StringBuilder();
        texts.get(i).chunks().forEach(piece -> text.append(piece.text()));
        interrupted.put(
            item.key(),
            new History.Interrupted(
                0, item.seed(), text.toString(), item.tokensThere(), new int[0], List.of()));
      }
    }
    return interrupted;
  }

  /// How many tokens of each thought that is not finished are durable.
  public Map<ThoughtKey, Integer> durableTokens() {
    if (index == null) {
      return journals.durableTokens(job);
    }
    Map<ThoughtKey, Integer> tokens = new LinkedHashMap<>();
    index.thoughts().stream()
        .filter(item -> !item.chunks().isEmpty())
        .forEach(item -> tokens.put(item.key(), item.tokensThere()));
    return tokens;
  }

  /// What happened to a job after the line `after`, oldest first.
  public List<JournalEntry> entries(long after, int limit) {
    return read(
        () -> journals.entries(job, after, limit),
        index -> index.journal().stream().filter(line -> line.seq() > after).limit(limit).toList());
  }

  /// The lines of one kind, oldest first.
  public List<JournalEntry> entries(JournalEntry.Kind kind, int limit) {
    return read(
        () -> journals.entries(job, kind, limit),
        index ->
            index.journal().stream().filter(line -> line.kind() == kind).limit(limit).toList());
  }

  /// The chunks of thoughts that are not finished.
  public List<ThinkingController.CheckpointView> chunks() {
    return read(
        () -> journals.chunks(job),
        index ->
            index.thoughts().stream()
                .flatMap(item -> item.chunks().stream().map(place -> chunk(item, place)))
                .sorted(Comparator.comparingLong(ThinkingController.CheckpointView::seq))
                .toList());
  }

  private static ThinkingController.CheckpointView chunk(Item item, ArchivedJob.Place place) {
    return new ThinkingController.CheckpointView(
        place.seq(),
        "chunk",
        item.stage(),
        item.visit(),
        item.branch(),
        place.fromToken() + place.tokens(),
        null,
        null);
  }
}
