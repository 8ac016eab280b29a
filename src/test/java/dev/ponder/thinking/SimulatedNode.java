package dev.ponder.thinking;

import dev.ponder.budget.DeadlineGovernor;
import dev.ponder.compression.CompressionSettings;
import dev.ponder.compression.EngineCompressor;
import dev.ponder.compression.MemoryMeters;
import dev.ponder.compression.TokenCounts;
import dev.ponder.housekeeping.MemorySweep;
import dev.ponder.housekeeping.SweepHealth;
import dev.ponder.housekeeping.SweepSettings;
import dev.ponder.job.JobAccepted;
import dev.ponder.job.JobCommands;
import dev.ponder.job.JobIntake;
import dev.ponder.job.JobLeases;
import dev.ponder.job.JobSettings;
import dev.ponder.job.JobWithdrawn;
import dev.ponder.job.LeaseSettings;
import dev.ponder.job.SimulatedJobs;
import dev.ponder.journal.JournalSettings;
import dev.ponder.journal.Journals;
import dev.ponder.journal.SimulatedJournals;
import dev.ponder.memory.Compressor;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.memory.Tiers;
import dev.ponder.model.Models;
import dev.ponder.routing.ActiveModels;
import dev.ponder.routing.JobAdmission;
import dev.ponder.routing.PinnedPipelines;
import dev.ponder.stage.Pipelines;
import dev.ponder.thinking.adjudication.AnswerJudge;
import dev.ponder.thinking.thought.Speeds;
import dev.ponder.thinking.thought.ThoughtMemory;
import dev.ponder.thinking.thought.ThoughtTools;
import dev.ponder.time.Threads;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;

/// One node of a simulation, from its start to its end: every part that carries a job is the real
/// one, put together as Spring would.
public final class SimulatedNode {

  private final JobCommands desk;
  private final JobIntake intake;
  private final Dispatcher dispatcher;
  private final RunningJobs running = new RunningJobs();
  private final Heartbeat heartbeat;
  private final MemorySweep sweep;

  /// What all nodes of a simulation share, and what is theirs alone.
  ///
  /// @param alone whether no other node can have the database open
  /// @param ids names the jobs that this node accepts
  /// @param compressor what models make of thoughts
  /// @param archiveAfter how long a job is over before it is archived
  public record Parts(
      DataSource database,
      SimulatedJobs jobs,
      Models models,
      Pipelines pipelines,
      LeaseSettings leases,
      JournalSettings journal,
      ThinkingSettings thinking,
      JobSettings jobSettings,
      boolean alone,
      Supplier<UUID> ids,
      Compressor compressor,
      Duration archiveAfter) {}

  /// The settings of thinking, scaled down as far as the simulated thoughts are.
  public static ThinkingSettings thinking(Duration answerWithin, int interruptionsMax) {
    return new ThinkingSettings(
        Duration.ofMillis(500),
        answerWithin,
        8,
        interruptionsMax,
        6,
        Duration.ofMinutes(10),
        Duration.ofSeconds(5));
  }

  public SimulatedNode(Parts parts, Threads threads, InstantSource time) {
    ApplicationEventPublisher events = this::publish;
    JobLeases leases = parts.jobs().leases(parts.leases());
    Journals journals =
        SimulatedJournals.of(parts.database(), leases, parts.journal(), threads, time);
    var pinned = new PinnedPipelines(JdbcClient.create(parts.database()), parts.pipelines());
    var speeds = new Speeds();
    var compression = new CompressionSettings(0.85, 24, 256, 2000);
    var counts = new TokenCounts(compression);
    var meters = new MemoryMeters(new SimpleMeterRegistry());
    var memory =
        new ThoughtMemory(
            new EngineCompressor(parts.models(), counts, compression, meters, threads, time),
            counts,
            Tiers.DEFAULT,
            compression,
            meters);
    var tools = new ThoughtTools(parts.thinking(), speeds, memory, time);
    var governor = new DeadlineGovernor(time, parts.thinking().margin());
    var kept =
        SimulatedJournals.kept(parts.database(), parts.journal(), parts.archiveAfter(), time);
    desk = parts.jobs().desk(kept.room(), time, events);
    intake =
        parts
            .jobs()
            .intake(
                new JobAdmission(parts.pipelines(), pinned, parts.models(), kept.room()),
                parts.jobSettings(),
                parts.ids(),
                time,
                events);
    sweep = sweep(parts, kept, pinned, threads, time);
    heartbeat = new Heartbeat(leases, running, parts.leases(), time, new SimpleMeterRegistry());
    dispatcher =
        new Dispatcher(
            leases,
            running,
            heartbeat,
            desk,
            journals,
            pinned,
            parts.models(),
            new StageRunner(
                governor,
                tools,
                new Prompts(memory),
                new AnswerJudge(speeds, time),
                kept.room(),
                new Sharing(),
                threads),
            parts.thinking(),
            parts.leases(),
            parts.jobSettings(),
            new EmbeddedDatabase(parts.alone() ? "jdbc:h2:mem:simulation" : "jdbc:postgresql:"),
            new AwayEngines(parts.models(), threads, new SimpleMeterRegistry()),
            threads,
            time);
  }

  private static MemorySweep sweep(
      Parts parts,
      SimulatedJournals.Kept kept,
      PinnedPipelines pinned,
      Threads threads,
      InstantSource time) {
    var meters = new SimpleMeterRegistry();
    return new MemorySweep(
        kept.thoughts(),
        kept.archive(),
        kept.room(),
        pinned,
        models -> parts.compressor(),
        parts.models(),
        new ActiveModels(JdbcClient.create(parts.database())),
        new SweepSettings(
            Duration.ofSeconds(1),
            true,
            10,
            1000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            0.5),
        kept.archiveSettings(),
        threads,
        time,
        meters,
        new SweepHealth(time, meters));
  }

  /// One sweep of the memory.
  public void sweep() {
    sweep.sweep();
  }

  /// The seed under which an engine is asked for a thought.
  public static long seedOf(long jobSeed, ThoughtKey key) {
    return Seeds.of(jobSeed, key);
  }

  private void publish(Object event) {
    switch (event) {
      case JobAccepted accepted -> dispatcher.wake(accepted);
      case JobWithdrawn withdrawn -> running.stop(withdrawn);
      default -> throw new IllegalStateException("Nobody listens to " + event);
    }
  }

  public void start() {
    dispatcher.start();
  }

  public void stop() {
    dispatcher.stop();
  }

  public JobCommands desk() {
    return desk;
  }

  public JobIntake intake() {
    return intake;
  }

  /// Under which name it holds leases.
  public String owner() {
    return heartbeat.owner();
  }
}
