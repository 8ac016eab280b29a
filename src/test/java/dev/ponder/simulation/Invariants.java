package dev.ponder.simulation;

import dev.ponder.checkpoint.Archived;
import dev.ponder.job.JobStatus;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What has to be so after each commit, and at the end. Looks at the committed rows themselves, by
/// a connection of its own.
final class Invariants {

  private static final Map<JobStatus, Set<JobStatus>> LEGAL = legal();

  private final Baton baton;
  private final Trace trace;
  private final int chunkTokens;
  private final PreparedStatement allJobs;
  private final PreparedStatement journal;
  private final PreparedStatement thoughts;
  private final PreparedStatement chunks;
  private final PreparedStatement archive;
  private final Map<UUID, Seen> jobs = new LinkedHashMap<>();
  private final Map<Long, Map<ThoughtKey, Script>> scripts = new HashMap<>();
  private final Set<UUID> accepted = new HashSet<>();
  private final Set<UUID> perhapsDeleted = new HashSet<>();
  private int checks;

  /// What was last seen of a job.
  static final class Seen {
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

  Invariants(Baton baton, Trace trace, Connection database, int chunkTokens) throws SQLException {
    this.baton = baton;
    this.trace = trace;
    this.chunkTokens = chunkTokens;
    allJobs =
        database.prepareStatement(
            "select id, status, epoch, paused_because, failure, deadline, finished_at, answer_text, seed, archived_at"
                + " from job order by created_at, id");
    journal =
        database.prepareStatement(
            "select seq, epoch, kind, stage, visit, branch from journal where job_id = ? order by seq");
    thoughts =
        database.prepareStatement(
            "select t.id, t.stage, t.visit, t.branch, t.text, t.tokens, t.finished_at,"
                + " coalesce(t.packed, c.packed), t.swept, t.summary from thought t"
                + " left join cold_thought c on c.thought_id = t.id where t.job_id = ?");
    archive =
        database.prepareStatement(
            "select section, packed from archive_part where job_id = ? order by section, part");
    chunks =
        database.prepareStatement(
            "select c.thought_id, t.stage, t.visit, t.branch, t.finished_at, c.from_token, c.tokens, c.text"
                + " from thought t join chunk c on c.thought_id = t.id where t.job_id = ?"
                + " order by c.thought_id, c.from_token");
  }

  private static Map<JobStatus, Set<JobStatus>> legal() {
    var legal = new EnumMap<JobStatus, Set<JobStatus>>(JobStatus.class);
    legal.put(JobStatus.QUEUED, Set.of(JobStatus.RUNNING, JobStatus.CANCELLED));
    legal.put(
        JobStatus.RUNNING,
        Set.of(JobStatus.PAUSED, JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED));
    legal.put(JobStatus.PAUSED, Set.of(JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.CANCELLED));
    for (JobStatus end : List.of(JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)) {
      legal.put(end, Set.of());
    }
    return legal;
  }

  void knows(long seed, Map<ThoughtKey, Script> itsScripts) {
    scripts.put(seed, itsScripts);
  }

  /// The client has its 202.
  void accepted(UUID job) {
    accepted.add(job);
    require(jobs.containsKey(job), "Job %s was accepted and is not there", job);
  }

  /// A client asked for it to be deleted.
  void perhapsDeleted(UUID job) {
    perhapsDeleted.add(job);
  }

  long epochOf(UUID job) {
    Seen seen = jobs.get(job);
    return seen == null ? 0 : seen.epoch;
  }

  Map<UUID, Seen> jobs() {
    return jobs;
  }

  int checks() {
    return checks;
  }

  boolean allOver() {
    return jobs.values().stream().allMatch(job -> job.status.isFinal());
  }

  /// Whether the holder of the job's lease has to know that the thought is finished.
  boolean isFinished(Script script) {
    Seen seen = jobs.get(Baton.current().job);
    return seen != null
        && seen.epoch == Baton.current().epoch
        && seen.finished.containsKey(script.key());
  }

  void committed(SimulatedDatabase.Set written) {
    checks++;
    try {
      look(written);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void look(SimulatedDatabase.Set written) throws SQLException {
    Task writer = Baton.current();
    if (written.job) {
      lookAtJobs();
    }
    UUID job = writer.job;
    if (job == null && written.isKept()) {
      lookAtWhatTheSweepDid();
    }
    Seen seen = job == null ? null : jobs.get(job);
    if (job == null || seen == null) {
      return;
    }
    boolean changed = written.journal && lookAtJournal(job, seen);
    if (written.thought || written.chunk) {
      changed |= lookAtThoughts(job, seen);
      changed |= lookAtChunks(job, seen);
    }
    if (changed) {
      require(
          writer.epoch == seen.epoch,
          "A write under epoch %d was taken for job %s, whose epoch is %d",
          writer.epoch,
          job,
          seen.epoch);
    }
  }

  /// It says nothing new: wherever thoughts and lines lie now, they are those that were there.
  private void lookAtWhatTheSweepDid() throws SQLException {
    for (var each : jobs.entrySet()) {
      UUID job = each.getKey();
      Seen seen = each.getValue();
      boolean changed =
          seen.archived
              ? lookAtArchive(job, seen)
              : lookAtJournal(job, seen) | lookAtThoughts(job, seen) | lookAtChunks(job, seen);
      require(!changed, "The sweep has changed what job %s thought", job);
    }
  }

  private boolean lookAtArchive(UUID job, Seen seen) throws SQLException {
    require(seen.status.isFinal(), "Job %s was archived and is %s", job, seen.status);
    var sections =
        new ByteArrayOutputStream[] {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
    archive.setObject(1, job);
    try (ResultSet row = archive.executeQuery()) {
      while (row.next()) {
        sections[row.getInt(1)].writeBytes(row.getBytes(2));
      }
    }
    JsonNode index = JsonMapper.shared().readTree(Archived.json(sections[0].toByteArray()));
    JsonNode texts = JsonMapper.shared().readTree(Archived.json(sections[1].toByteArray()));
    Map<ThoughtKey, String> kept = new HashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      JsonNode thought = index.at("/thoughts/" + i);
      if (thought.has("finishedAt")) {
        kept.put(
            new ThoughtKey(
                Stage.of(thought.get("stage").asString()).orElseThrow(),
                thought.get("visit").asInt(),
                thought.get("branch").asInt()),
            texts.get(i).get("whole").asString());
      }
    }
    require(kept.equals(seen.finished), "The archive of job %s has other thoughts: %s", job, kept);
    require(
        index.get("journal").size() == seen.lines.size(),
        "The archive of job %s has %d lines of %d",
        job,
        index.get("journal").size(),
        seen.lines.size());
    return false;
  }

  private void lookAtJobs() throws SQLException {
    Set<UUID> there = new HashSet<>();
    try (ResultSet row = allJobs.executeQuery()) {
      while (row.next()) {
        UUID id = row.getObject(1, UUID.class);
        there.add(id);
        lookAtJob(id, jobs.computeIfAbsent(id, fresh -> new Seen()), row);
      }
    }
    for (UUID gone : jobs.keySet().stream().filter(id -> !there.contains(id)).toList()) {
      require(perhapsDeleted.contains(gone), "Job %s is lost", gone);
      jobs.remove(gone);
    }
  }

  private void lookAtJob(UUID id, Seen seen, ResultSet row) throws SQLException {
    JobStatus status = JobStatus.valueOf(row.getString(2));
    long epoch = row.getLong(3);
    if (status != seen.status || epoch != seen.epoch) {
      say(id, "%s, epoch %d".formatted(status.key(), epoch));
    }
    require(
        status == seen.status || LEGAL.get(seen.status).contains(status),
        "Job %s went from %s to %s",
        id,
        seen.status,
        status);
    require(epoch >= seen.epoch, "The epoch of job %s went back to %d", id, epoch);
    boolean claimed = status == JobStatus.RUNNING && seen.status != JobStatus.RUNNING;
    require(!claimed || epoch > seen.epoch, "A claim of job %s left its epoch at %d", id, epoch);
    seen.status = status;
    seen.epoch = epoch;
    String paused = row.getString(4);
    seen.because = paused == null ? row.getString(5) : paused;
    require(
        seen.because == null || !seen.because.startsWith("A mistake in Ponder"),
        "Job %s met %s",
        id,
        seen.because);
    seen.deadline = row.getObject(6, OffsetDateTime.class).toInstant();
    var finished = row.getObject(7, OffsetDateTime.class);
    seen.finishedAt = finished == null ? null : finished.toInstant();
    seen.answered = row.getString(8) != null;
    seen.seed = row.getLong(9);
    seen.archived = row.getObject(10) != null;
    require(
        seen.answered == (status == JobStatus.COMPLETED),
        "Job %s is %s, answered: %s",
        id,
        status,
        seen.answered);
  }

  /// Whether it has grown.
  private boolean lookAtJournal(UUID job, Seen seen) throws SQLException {
    journal.setObject(1, job);
    int before = seen.lines.size();
    int n = 0;
    try (ResultSet row = journal.executeQuery()) {
      while (row.next()) {
        long seq = row.getLong(1);
        String what = what(row);
        String line = seq + " " + what;
        if (seen.lines.contains(line)) {
          // As it was.
        } else {
          say(job, "journal " + line);
          require(
              seen.lines.stream().noneMatch(old -> old.substring(old.indexOf(' ') + 1).equals(what))
                  || isRepeatable(row.getString(3)),
              "Job %s has '%s' twice in its journal",
              job,
              what);
          require(
              row.getLong(2) == seen.epoch,
              "A line of epoch %d was taken for job %s, whose epoch is %d",
              row.getLong(2),
              job,
              seen.epoch);
          seen.lines.add(line);
          if (row.getString(3).equals("THOUGHT_FINISHED")) {
            seen.told.add(key(row, 4));
          }
        }
        n++;
      }
    }
    require(n >= seen.lines.size(), "The journal of job %s has lost lines", job);
    return seen.lines.size() > before;
  }

  private static String what(ResultSet row) throws SQLException {
    String stage = row.getString(4);
    String kind = row.getString(3);
    return stage == null
        ? kind
        : "%s %s.%s.%s".formatted(kind, stage, row.getString(5), row.getString(6));
  }

  /// What may happen to a job more than once.
  private static boolean isRepeatable(String kind) {
    return kind.equals("PAUSED") || kind.equals("THOUGHT_RESUMED") || kind.equals("CLAIMED");
  }

  private boolean lookAtThoughts(UUID job, Seen seen) throws SQLException {
    boolean changed = false;
    int finished = 0;
    thoughts.setObject(1, job);
    try (ResultSet row = thoughts.executeQuery()) {
      while (row.next()) {
        if (row.getObject(7) == null) {
          continue;
        }
        finished++;
        require(
            "COMPRESSED".equals(row.getString(9)) == (row.getString(10) != null),
            "A thought of job %s has half a summary",
            job);
        ThoughtKey key = key(row, 2);
        String text = text(row);
        String before = seen.finished.putIfAbsent(key, text);
        require(
            before == null || before.equals(text),
            "Thought %s of job %s has changed",
            key.id(),
            job);
        if (before == null) {
          changed = true;
          checkText(job, key, text, row.getInt(6));
        }
      }
    }
    require(finished == seen.finished.size(), "Job %s has lost a finished thought", job);
    require(
        seen.told.equals(seen.finished.keySet()),
        "Job %s has the thoughts %s, and its journal tells of %s",
        job,
        seen.finished.keySet(),
        seen.told);
    return changed;
  }

  private static String text(ResultSet row) throws SQLException {
    byte[] packed = row.getBytes(8);
    if (packed == null) {
      return row.getString(5);
    }
    return inflated(packed);
  }

  private static String inflated(byte[] packed) {
    try (var text = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("What was packed cannot be read", e);
    }
  }

  private void checkText(UUID job, ThoughtKey key, String text, int tokens) {
    Script.@Nullable Place place = script(job, key).after(text);
    require(place != null, "Thought %s of job %s is not what was decoded: %s", key.id(), job, text);
    int decoded = place == null ? 0 : place.tokens();
    // A piece that is cut at the end of a sentence counts with all its tokens.
    require(
        tokens >= decoded && tokens <= decoded + 2,
        "Thought %s of job %s says %d tokens and has %d",
        key.id(),
        job,
        tokens,
        decoded);
  }

  private boolean lookAtChunks(UUID job, Seen seen) throws SQLException {
    int before = seen.inChunks;
    seen.inChunks = 0;
    chunks.setObject(1, job);
    long thought = -1;
    int next = 0;
    var text = new StringBuilder();
    try (ResultSet row = chunks.executeQuery()) {
      while (row.next()) {
        ThoughtKey key = key(row, 2);
        if (row.getLong(1) != thought) {
          thought = row.getLong(1);
          next = 0;
          text.setLength(0);
        }
        require(
            row.getObject(5) == null, "The finished thought %s of %s has chunks", key.id(), job);
        require(
            row.getInt(6) == next,
            "A chunk of thought %s of job %s begins at %d, not at %d",
            key.id(),
            job,
            row.getInt(6),
            next);
        require(
            row.getInt(7) > 0 && row.getInt(7) <= chunkTokens + 2,
            "A chunk of job %s has %d tokens",
            job,
            row.getInt(7));
        next += row.getInt(7);
        seen.inChunks += row.getInt(7);
        text.append(row.getString(8));
        require(
            script(job, key).after(text.toString()) != null,
            "The chunks of thought %s of job %s are not what was decoded: %s",
            key.id(),
            job,
            text);
      }
    }
    return seen.inChunks != before;
  }

  private Script script(UUID job, ThoughtKey key) {
    Script script = scripts.getOrDefault(seen(job).seed, Map.of()).get(key);
    require(script != null, "Job %s thinks in %s, which nobody asked for", job, key.id());
    return java.util.Objects.requireNonNull(script);
  }

  private Seen seen(UUID job) {
    return java.util.Objects.requireNonNull(jobs.get(job));
  }

  private static ThoughtKey key(ResultSet row, int at) throws SQLException {
    return new ThoughtKey(
        Stage.of(row.getString(at)).orElseThrow(), row.getInt(at + 1), row.getInt(at + 2));
  }

  /// After everything has come to rest.
  ///
  /// @param calmFrom from when on nothing went wrong any more
  void atTheEnd(
      java.util.function.LongPredicate mayFail,
      java.util.function.Predicate<UUID> mayBeCancelled,
      Instant calmFrom) {
    for (UUID job : accepted) {
      require(jobs.containsKey(job) || perhapsDeleted.contains(job), "Job %s is lost", job);
    }
    jobs.forEach(
        (id, seen) -> {
          require(seen.status.isFinal(), "Job %s is still %s", id, seen.status);
          require(
              seen.status != JobStatus.FAILED || mayFail.test(seen.seed),
              "Job %s failed: %s",
              id,
              seen.because);
          require(
              seen.status != JobStatus.CANCELLED || mayBeCancelled.test(id),
              "Job %s was cancelled by nobody",
              id);
          require(
              seen.status != JobStatus.COMPLETED
                  || seen.deadline.isBefore(calmFrom)
                  || !java.util.Objects.requireNonNull(seen.finishedAt).isAfter(seen.deadline),
              "Job %s was answered at %s, and its deadline was %s",
              id,
              seen.finishedAt,
              seen.deadline);
        });
  }

  private void say(UUID job, String what) {
    trace.line(
        baton.nanos(),
        Baton.current().toString(),
        "job " + (job.getLeastSignificantBits() & 0xffff) + " " + what);
  }

  private void require(boolean so, String what, @Nullable Object... facts) {
    if (!so) {
      var error = new AssertionError(what.formatted(facts));
      baton.fail(error);
      throw error;
    }
  }
}
