package dev.ponder.thinking;

import static dev.ponder.thinking.ScriptedTurns.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import dev.ponder.database.DatabaseFaults;
import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.Job;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobIntake;
import dev.ponder.job.JobStatus;
import dev.ponder.job.Submission;
import dev.ponder.journal.JournalEntry;
import dev.ponder.journal.JournalEntry.Kind;
import dev.ponder.journal.Journals;
import dev.ponder.journal.archive.Records;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A job is run again and again, and its owner dies at a write of each kind that it makes;
/// [CrashMatrixIT] dies at every single one. Each time another owner takes the job up and answers
/// it, with nothing lost and nothing doubled.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class CrashMatrixTests {

  private static final int CHUNK = 64;
  static final List<CrashMatrix> MATRICES = new ArrayList<>();
  private static final int FAR_TOO_MANY = 1000;

  @Parameter TestDatabase database;
  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted").writes(answering("13"));
  private final DatabaseFaults faults = new DatabaseFaults();
  private ScriptedService service;
  private Map<ThoughtKey, String> undisturbed;
  private List<String> undisturbedWrites;
  private String pipeline = "mini";

  private void start(String heartbeat, String deadAfter) {
    service =
        new ScriptedService(
            database.settings(data),
            faults,
            engine,
            "ponder.pipelines-folder=" + data.resolve("pipelines"),
            "ponder.journal.chunk-tokens=" + CHUNK,
            "ponder.journal.chunk-time=1h",
            "ponder.journal.retry-every=10ms",
            "ponder.lease.heartbeat=" + heartbeat,
            "ponder.lease.dead-after=" + deadAfter);
    faults.diesAfter(Integer.MAX_VALUE);
    undisturbed = texts(service.ended(submitted("undisturbed")).id());
    undisturbedWrites = faults.written();
    faults.isBack();
  }

  @BeforeEach
  void describeTheLongThought() throws IOException {
    LongThought.pipeline(data.resolve("pipelines"), 2000, 160);
  }

  private Submission submission() {
    return new Submission("How much change?", pipeline, null, null, null, Map.of());
  }

  @AfterEach
  void stop() {
    faults.isBack();
    service.close();
  }

  /// @param sequences thoughts that the engine writes at a time: one after the other, so that the
  ///     writes come in the same order each time, or all branches at once
  @ParameterizedTest
  @ValueSource(ints = {1, 6})
  void aJobWhoseOwnerDiesAtAnyOfItsWritesIsAnsweredByTheNext(int sequences) {
    engine.can(ScriptedEngine.withSequences(sequences));
    // No heartbeat disturbs the count of writes; the lease of a dead owner is ended by the test.
    start("10m", "1h");
    assertThat(undisturbed).hasSize(7);

    int writes = diesAtEachWrite();

    assertThat(writes).as("boundaries at which the owner died").isGreaterThan(30);
  }

  @Test
  void aThoughtThatOutgrowsItsContextLosesNothingWhereverItsOwnerDies() {
    var script = new LongThought(48, 8);
    pipeline = LongThought.PIPELINE;
    engine.can(LongThought.context(640)).writes(script::turn);
    start("10m", "1h");
    assertThat(undisturbed.get(new ThoughtKey(Stage.DEEP_EXPLORATION, 1, 1)))
        .startsWith(script.text())
        .contains(script.codes().values());

    int writes = diesAtEachWrite();

    assertThat(writes).as("boundaries at which the owner died").isGreaterThan(30);
    assertThat(MATRICES.getLast().writes()).anyMatch(write -> write.contains("insert fold"));
  }

  /// The boundary that is tried after this one: the next write of a kind that did not come before.
  int after(int write) {
    return IntStream.range(write, undisturbedWrites.size())
            .filter(at -> undisturbedWrites.indexOf(undisturbedWrites.get(at)) == at)
            .findFirst()
            .orElse(Math.max(write, undisturbedWrites.size()))
        + 1;
  }

  /// Answers how many writes there were.
  private int diesAtEachWrite() {
    var matrix = new CrashMatrix(database);
    int writes = 1;
    boolean died = true;
    while (died) {
      var decoded = new AtomicReference<Map<String, Integer>>(Map.of());
      faults.diesAfter(writes, () -> decoded.set(engine.tokensDecoded()));
      String key = UUID.randomUUID().toString();
      UUID job = submitted(key);
      died = diesOrEnds(job);
      service.bean(Dispatcher.class).stop();
      faults.isBack();
      int again = job == null ? 0 : decodedAgain(job, decoded.get());
      Map<ThoughtKey, Thought> before = job == null ? Map.of() : thoughts(job);
      anotherOwnerStarts();
      Job ended = service.ended(job == null ? submitted(key) : job);

      assertThat(again).isLessThanOrEqualTo(CHUNK);
      check(ended, before);
      if (died) {
        matrix.add(faults.written().getLast(), again);
      }
      writes = after(writes);
      assertThat(writes).as("writes of one short job").isLessThan(FAR_TOO_MANY);
    }

    System.out.println(matrix);
    MATRICES.add(matrix);
    return writes;
  }

  @Test
  void aWriteWhoseAnswerIsLostIsNotMadeTwice() {
    // A claim whose answer is lost is made again when its lease has run out.
    start("2s", "10s");
    int writes = 1;
    boolean lost = true;
    while (lost) {
      faults.losesAnswerOf(writes);
      String key = UUID.randomUUID().toString();
      UUID job = submitted(key);
      Job ended = service.ended(job == null ? submitted(key) : job);
      lost = faults.written().size() >= writes;
      faults.isBack();

      assertThat(service.kinds(ended.id())).doesNotContain(Kind.THOUGHT_RESUMED);
      check(ended, Map.of());
      writes = after(writes);
      assertThat(writes).as("writes of one short job").isLessThan(FAR_TOO_MANY);
    }
    assertThat(writes).isGreaterThan(30);
  }

  /// The job, or null if the client got no 202.
  private UUID submitted(String key) {
    var accepted = new UUID[1];
    catchRuntimeException(
        () -> accepted[0] = service.bean(JobIntake.class).accept(submission(), key).job().id());
    return accepted[0];
  }

  /// True if the owner died, false if the job came to its end first.
  private boolean diesOrEnds(UUID job) {
    if (job == null) {
      return true;
    }
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < end) {
      if (faults.hasDied()) {
        return true;
      }
      Job now = null;
      try {
        now = service.job(job);
      } catch (RuntimeException died) {
        continue;
      }
      if (now.status().isFinal()) {
        return faults.hasDied();
      }
      ScriptedService.pause();
    }
    throw new AssertionError("The job neither ended nor met its fault: " + faults.written());
  }

  private void anotherOwnerStarts() {
    service.bean(JdbcClient.class).sql("update job set lease_until = null").update();
    service.bean(Dispatcher.class).start();
  }

  private void check(Job job, Map<ThoughtKey, Thought> before) {
    assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
    assertThat(job.answer().orElseThrow().text()).isEqualTo("The answer is 13.");
    assertThat(texts(job.id())).as("what was thought").isEqualTo(undisturbed);
    assertThat(thoughts(job.id())).containsAllEntriesOf(before);
    List<JournalEntry> journal = service.journal(job.id());
    assertThat(journal.stream().filter(line -> line.kind() == Kind.THOUGHT_FINISHED))
        .extracting(line -> line.stage() + line.branch())
        .doesNotHaveDuplicates()
        .hasSize(undisturbed.size());
    assertThat(journal.stream().filter(line -> line.kind() == Kind.STAGE_ENTERED)).hasSize(5);
    assertThat(journal.stream().filter(line -> line.kind() == Kind.ANSWERED)).hasSize(1);
    assertThat(service.bean(Journals.class).interrupted(job.id())).as("chunks left").isEmpty();
    service.bean(JobCommands.class).delete(job.id());
  }

  /// The tokens of one line of thought that the dead owner had decoded and not written down.
  private int decodedAgain(UUID job, Map<String, Integer> decoded) {
    Map<ThoughtKey, Integer> durable =
        service.bean(Records.class).of(service.job(job)).durableTokens();
    service.thoughts(job).forEach(thought -> durable.put(thought.key(), thought.tokens()));
    int most = 0;
    for (int branch = 1; branch <= 3; branch++) {
      int kept = 0;
      for (var thought : durable.entrySet()) {
        kept += thought.getKey().branch() == branch ? thought.getValue() : 0;
      }
      most = Math.max(most, decoded.getOrDefault(job + "/" + branch, 0) - kept);
    }
    return most;
  }

  private Map<ThoughtKey, String> texts(UUID job) {
    return service.thoughts(job).stream().collect(Collectors.toMap(Thought::key, Thought::text));
  }

  private Map<ThoughtKey, Thought> thoughts(UUID job) {
    return service.thoughts(job).stream()
        .collect(Collectors.toMap(Thought::key, Function.identity()));
  }
}
