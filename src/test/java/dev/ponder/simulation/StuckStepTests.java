package dev.ponder.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.engine.Engine;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.job.Job;
import dev.ponder.job.JobStatus;
import dev.ponder.job.SimulatedJobs;
import dev.ponder.job.Submission;
import dev.ponder.memory.Compression;
import dev.ponder.model.Models;
import dev.ponder.simulation.StuckEngine.How;
import dev.ponder.stage.PipelineSettings;
import dev.ponder.stage.YamlPipelines;
import dev.ponder.thinking.LongThought;
import dev.ponder.thinking.SimulatedNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/// Every step at which a run waits, and everything that can keep it waiting: the job has its answer
/// by its deadline, and a cancel ends what the engine does for it within a quarter of a second. In
/// virtual time.
class StuckStepTests {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration MARGIN = Duration.ofMillis(500);
  private static final Duration FREED = Duration.ofMillis(250);

  private static final String NOTED = "# What the notes came to\n";

  private static final Map<Baton, SimulatedDatabase> DATABASES = new ConcurrentHashMap<>();
  private static final DataSource CURRENT = SimulatedDatabase.ofTheCurrentTask(DATABASES::get);
  private static final SimulatedJobs JOBS = new SimulatedJobs(CURRENT);

  private static final List<String> STEPS =
      List.of(
          "capabilities",
          "later",
          "count",
          "share",
          "open analysis",
          "text of analysis",
          "open exploration",
          "text of exploration",
          "open summary",
          "text of summary",
          "open synthesis",
          "text of synthesis",
          "open verification",
          "text of verification",
          "open second verification",
          "text of second verification",
          "open answer",
          "text of answer",
          "judge: open judgement",
          "judge: text of judgement",
          "fold: open summary",
          "fold: text of summary",
          "fold: count");

  @TempDir static Path folder;

  record Case(String step, How how) {
    boolean folds() {
      return step.startsWith("fold: ");
    }

    String engineStep() {
      return step.substring(step.indexOf(": ") + 1).strip();
    }

    @Override
    public String toString() {
      return step + ", " + how;
    }
  }

  /// @param freed how long the engine was still busy after the cancel
  private record Ended(Job job, StuckEngine engine, Duration freed) {}

  static Stream<Case> everything() {
    return STEPS.stream().flatMap(step -> Stream.of(How.values()).map(how -> new Case(step, how)));
  }

  /// What does not hear an interrupt cannot be freed, and an error is over at once.
  static Stream<Case> whatHears() {
    return everything()
        .filter(it -> it.how() != How.OVERFLOWS && it.how() != How.DEAF)
        .filter(it -> it.how() != How.ENDLESS || it.step().contains("text"));
  }

  @BeforeAll
  static void prepare() throws Exception {
    logging(LogLevel.OFF);
    String qwen = Files.readString(Path.of("stage-configs", "qwen3-30b-thinking.yaml"));
    LongThought.pipeline(folder, 4000, 160);
    Files.writeString(
        folder.resolve("between.yaml"),
        qwen.replace("compression:\n", "compression:\n  betweenStages: true\n"));
  }

  @AfterAll
  static void speak() {
    logging(null);
  }

  private static void logging(LogLevel level) {
    LoggingSystem.get(StuckStepTests.class.getClassLoader()).setLogLevel("dev.ponder", level);
  }

  @ParameterizedTest
  @MethodSource("everything")
  void theJobIsAnsweredByItsDeadline(Case it) throws Throwable {
    Ended ended = run(it, false);

    Job job = ended.job();
    assertThat(ended.engine().reached()).as("%s", ended.engine().steps()).isPositive();
    assertThat(job.status())
        .as("%s %s", job.pausedBecause(), job.failure())
        .isEqualTo(JobStatus.COMPLETED);
    assertThat(job.finishedAt().orElseThrow()).isBeforeOrEqualTo(job.deadline().at());
    assertThat(job.lease().epoch()).isEqualTo(1);
    if (it.how() == How.OVERFLOWS || it.how() == How.DEAF) {
      assertThat(job.answer().orElseThrow().text()).isNotBlank();
    }
  }

  @ParameterizedTest
  @MethodSource("whatHears")
  void aCancelFreesTheEngineAtOnce(Case it) throws Throwable {
    Ended ended = run(it, true);

    assumeTrue(ended.job().status() == JobStatus.CANCELLED, "It was over before");
    assertThat(ended.engine().reached()).isPositive();
    assertThat(ended.freed()).isLessThanOrEqualTo(FREED);
  }

  private Ended run(Case it, boolean cancel) throws Throwable {
    var trace = new Trace(false);
    var random = new SplittableRandom(it.hashCode());
    var baton = new Baton(random.split(), trace);
    var odds = new Odds(random.split());
    odds.end();
    var database = new SimulatedDatabase(baton, trace, odds, sql -> sql);
    DATABASES.put(baton, database);
    var outside = new Host("outside", 0);
    var result = new ArrayList<Ended>();
    try {
      baton.run(outside, () -> result.add(live(it, cancel, baton, odds)));
    } finally {
      DATABASES.remove(baton);
      database.close();
    }
    return result.getFirst();
  }

  private Ended live(Case it, boolean cancel, Baton baton, Odds odds) {
    var script = new LongThought(150, 30);
    var engine =
        new StuckEngine(
            baton,
            it.engineStep(),
            it.how(),
            DEADLINE.dividedBy(3),
            it.folds() ? context(1600) : context(40_000),
            it.folds() ? script::turn : asked -> turn(asked, it.step().startsWith("judge: ")));
    SimulatedNode node = node(baton, odds, engine);
    node.start();
    UUID id =
        node.intake()
            .accept(
                new Submission(
                    "How much is six times seven?",
                    it.folds() ? LongThought.PIPELINE : "between",
                    null,
                    DEADLINE.toSeconds(),
                    7L,
                    Map.of()),
                null)
            .job()
            .id();
    Duration freed = Duration.ZERO;
    if (cancel) {
      baton.waitFor(() -> engine.stuck() > 0, DEADLINE);
      baton.waitFor(null, Duration.ofMillis(700));
      long at = baton.nanos();
      if (!node.desk().find(id).status().isFinal()) {
        node.desk().cancel(id);
      }
      baton.waitFor(() -> engine.stuck() == 0, Duration.ofMinutes(5));
      freed = Duration.ofNanos(baton.nanos() - at);
    } else {
      Duration end = Duration.ofNanos(baton.nanos()).plus(DEADLINE).plus(MARGIN);
      while (!node.desk().find(id).status().isFinal() && baton.nanos() < end.toNanos()) {
        baton.waitFor(null, Duration.ofMillis(50));
      }
    }
    return new Ended(node.desk().find(id), engine, freed);
  }

  private static SimulatedNode node(Baton baton, Odds odds, Engine engine) {
    InstantSource clock = () -> SimulatedDatabase.START.plusNanos(baton.nanos());
    var threads = new SimulatedThreads(baton, Baton.current().host, job -> 1);
    return new SimulatedNode(
        new SimulatedNode.Parts(
            CURRENT,
            JOBS,
            new OneModel(engine),
            new YamlPipelines(new PipelineSettings(folder.toString())),
            Settings.leases(),
            Settings.journal(odds),
            SimulatedNode.thinking(Duration.ofSeconds(20), 5),
            Settings.jobs(odds),
            true,
            () -> new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L),
            material -> new Compression.Unneeded("Nobody sweeps here."),
            Duration.ofHours(1)),
        threads,
        clock);
  }

  private static Capabilities context(int tokens) {
    return Capabilities.of(
        6,
        tokens,
        Capability.CONTINUATION,
        Capability.EXACT_COUNTS,
        Capability.SHARED_PREFIX,
        Capability.CANCELLATION,
        Capability.REPRODUCIBLE);
  }

  /// Thoughts that are long enough for a summary; the verification trusts no summary.
  ///
  /// @param inWords whether the branches answer in words that no rule can compare
  private static String turn(GenerationRequest request, boolean inWords) {
    String asked = request.conversation().user();
    String system = String.valueOf(request.conversation().system());
    String thought =
        IntStream.rangeClosed(1, 12)
            .mapToObj("Step %d looks at the sevens once more."::formatted)
            .collect(Collectors.joining("\n", "", "\n</think>\n\n"));
    String conclusion =
        system.startsWith("You condense")
            ? "In short: " + noted(asked)
            : system.startsWith("You solve")
                ? "It is so.\nAnswer: " + (inWords ? inWords(asked) : "42")
                : system.startsWith("You bring")
                    ? "All agree.\nCandidate: 42"
                    : system.startsWith("You verify")
                        ? "It is less.\nVerdict: wrong\nAnswer: 41\nConfidence: 0.3"
                        : system.startsWith("You compare") ? "Same: 1=2, 3" : "The product is 42.";
    return thought + conclusion;
  }

  private static String inWords(String asked) {
    return asked.contains("You are number 1")
        ? "Air scatters short waves most of all."
        : asked.contains("You are number 2")
            ? "The shorter a wave, the more of it is scattered by the air."
            : "Blue light reaches us from every side.";
  }

  private static String noted(String asked) {
    int at = asked.indexOf(NOTED);
    return at < 0
        ? "nothing."
        : asked.substring(at + NOTED.length(), asked.indexOf("\n\n# Your task", at));
  }

  private record OneModel(Engine engine) implements Models {
    @Override
    public List<String> names() {
      return List.of(engine.model());
    }

    @Override
    public String defaultModel() {
      return engine.model();
    }

    @Override
    public String pipeline(String model) {
      return "between";
    }

    @Override
    public Engine engine(String model) {
      return engine;
    }
  }
}
