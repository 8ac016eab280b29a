package dev.ponder.journal.archive;

import dev.ponder.job.JobFacts;
import dev.ponder.job.JobProblem;
import dev.ponder.journal.Checkpoint;
import dev.ponder.journal.History;
import dev.ponder.journal.JournalEntry;
import dev.ponder.journal.Journals;
import dev.ponder.journal.Lines;
import dev.ponder.journal.archive.ArchivedJob.Item;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;

/// What is kept of one job's thinking, wherever it lies. For one look, by one thread.
///
/// A job leaves the tables for the archive in one step, and comes back in one. So where it was
/// expected and has nothing, it has moved since, and is looked for in the other place.
public final class JobRecord {

  /// Lines of a journal that one look reads: far more than a job of five stages has.
  private static final int MOST_LINES = 10_000;

  private final UUID job;
  private final boolean over;
  private final Journals journals;
  private final Lines lines;
  private final Thoughts rows;
  private final Archive archive;
  private @Nullable ArchivedJob index;

  JobRecord(JobFacts job, Journals journals, Lines lines, Thoughts rows, Archive archive) {
    this.job = job.id();
    this.over = job.status().isFinal();
    this.journals = journals;
    this.lines = lines;
    this.rows = rows;
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
        ? read(() -> map(rows.whole(job), Thoughts.Whole::thought), this::archivedOriginals)
        : read(() -> map(rows.finished(job), ThoughtRow::asItIs), this::archivedAsTheyAre);
  }

  /// One finished thought, if there is such a one.
  ///
  /// @throws JobProblem.Damaged if what has to be shown is not what was put away
  public Optional<StoredThought> thought(ThoughtKey key, @Nullable ThoughtForm form) {
    String stage = key.stage().key();
    List<StoredThought> found =
        form == ThoughtForm.ORIGINAL
            ? read(
                () ->
                    map(rows.whole(job, stage, key.visit(), key.branch()), Thoughts.Whole::thought),
                this::archivedOriginals)
            : read(
                () -> map(rows.finished(job, stage, key.visit(), key.branch()), ThoughtRow::asItIs),
                this::archivedAsTheyAre);
    return found.stream().filter(thought -> thought.key().equals(key)).findFirst();
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

  private static <R, T> List<T> map(List<R> rows, Function<R, T> thought) {
    return rows.stream().map(thought).toList();
  }

  /// The finished thoughts of a job without their reasoning.
  public List<ThoughtSummary> summaries() {
    return read(
        () -> rows.summaries(job),
        index -> index.thoughts().stream().filter(Item::finished).map(JobRecord::summary).toList());
  }

  private static ThoughtSummary summary(Item item) {
    return new ThoughtSummary(
        item.stage(),
        item.visit(),
        item.branch(),
        item.tokens(),
        item.conclusion(),
        item.closedBy(),
        item.decodeMillis());
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
    Map<ThoughtKey, Integer> tokens = new LinkedHashMap<>();
    if (index == null) {
      rows.durable(List.of(job)).stream()
          .filter(thought -> thought.tokens() != null && thought.finishedAt() == null)
          .forEach(thought -> tokens.put(thought.key(), thought.tokens().intValue()));
      return tokens;
    }
    index.thoughts().stream()
        .filter(item -> !item.chunks().isEmpty())
        .forEach(item -> tokens.put(item.key(), item.tokensThere()));
    return tokens;
  }

  /// The points that the job can be resumed from, in the order of its journal.
  public List<Checkpoint> checkpoints() {
    return Stream.concat(
            entries(0, MOST_LINES).stream().flatMap(line -> Checkpoint.of(line).stream()),
            chunks().stream())
        .sorted(Comparator.comparingLong(Checkpoint::seq))
        .toList();
  }

  /// What happened to a job after the line `after`, oldest first.
  private List<JournalEntry> entries(long after, int limit) {
    return read(
        () -> lines.after(job, after, Limit.of(limit)),
        index -> index.journal().stream().filter(line -> line.seq() > after).limit(limit).toList());
  }

  /// The lines of one kind, oldest first.
  public List<JournalEntry> entries(JournalEntry.Kind kind, int limit) {
    return read(
        () -> lines.of(job, kind, Limit.of(limit)),
        index ->
            index.journal().stream().filter(line -> line.kind() == kind).limit(limit).toList());
  }

  /// The chunks of thoughts that are not finished.
  private List<Checkpoint> chunks() {
    return read(
        () -> rows.chunks(job),
        index ->
            index.thoughts().stream()
                .flatMap(item -> item.chunks().stream().map(place -> chunk(item, place)))
                .toList());
  }

  private static Checkpoint chunk(Item item, ArchivedJob.Place place) {
    return new Checkpoint(
        place.seq(), item.stage(), item.visit(), item.branch(), place.fromToken() + place.tokens());
  }
}
