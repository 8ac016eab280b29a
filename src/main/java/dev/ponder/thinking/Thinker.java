package dev.ponder.thinking;

import dev.ponder.checkpoint.JobJournal;
import dev.ponder.checkpoint.JournalSettings;
import dev.ponder.engine.Engine;
import dev.ponder.memory.Thought;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// Writes thoughts: one at a time and per thread, from its first token or from where it was
/// interrupted, to its conclusion.
@Component
class Thinker {

  private final ThinkingSettings settings;
  private final JournalSettings journalSettings;
  private final Speeds speeds;
  private final Alarms alarms;
  private final InstantSource time;
  private final ThoughtMemory memory;

  Thinker(
      ThinkingSettings settings,
      JournalSettings journalSettings,
      Speeds speeds,
      Alarms alarms,
      InstantSource time,
      ThoughtMemory memory) {
    this.settings = settings;
    this.journalSettings = journalSettings;
    this.speeds = speeds;
    this.alarms = alarms;
    this.time = time;
    this.memory = memory;
  }

  /// Writes one thought down and returns it finished and durable.
  ///
  /// @throws dev.ponder.engine.EngineException if the engine cannot, after all retries; what was
  ///     written is durable
  /// @throws RunStopped if the run was stopped; what was written is durable
  /// @throws dev.ponder.job.LeaseLost if another run owns the job now
  Thought think(Engine engine, JobJournal journal, LiveJob live, Assignment assignment) {
    var writer =
        journal.thought(
            assignment.key(),
            assignment.seed(),
            assignment.ruling().budget().total(),
            assignment.prompt(),
            assignment.interrupted());
    if (assignment.interrupted() != null) {
      // How much was decoded and lost with the process is not known; a chunk cannot hold more.
      boolean byIds = writer.ids().length > 0 && engine.capabilities().tokenIds();
      journal.resumed(
          assignment.key(), writer.tokens(), journalSettings.chunkTokens(), byIds ? "ids" : "text");
    }
    var pen = new Pen(engine, live, assignment, writer, settings, speeds, alarms, time, memory);
    try {
      return pen.write(() -> journal.resumed(assignment.key(), writer.tokens(), 0, "text"));
    } catch (dev.ponder.job.LeaseLost lost) {
      throw lost;
    } catch (RuntimeException interrupted) {
      writer.flush();
      throw interrupted;
    }
  }
}
