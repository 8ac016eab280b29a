package dev.ponder.thinking;

import dev.ponder.checkpoint.JobJournal;
import dev.ponder.checkpoint.JournalSettings;
import dev.ponder.checkpoint.ThoughtWriter;
import dev.ponder.engine.Engine;
import dev.ponder.memory.Thought;
import dev.ponder.thinking.LiveJob.StopCause;
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

  Thinker(
      ThinkingSettings settings,
      JournalSettings journalSettings,
      Speeds speeds,
      Alarms alarms,
      InstantSource time) {
    this.settings = settings;
    this.journalSettings = journalSettings;
    this.speeds = speeds;
    this.alarms = alarms;
    this.time = time;
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
            assignment.interrupted());
    // What this engine has written itself it also takes up again.
    boolean takesIds = assignment.interrupted() == null || engine.capabilities().tokenIds();
    if (assignment.interrupted() != null) {
      // How much was decoded and lost with the process is not known; a chunk cannot hold more.
      resumed(journal, assignment, writer, takesIds, journalSettings.chunkTokens());
    }
    var pen = new Pen(engine, live, assignment, writer, settings, speeds, alarms, time);
    try {
      var thought = pen.write(() -> resumed(journal, assignment, writer, takesIds, 0));
      engine.forget(assignment.affinity());
      return thought;
    } catch (dev.ponder.job.LeaseLost lost) {
      engine.forget(assignment.affinity());
      throw lost;
    } catch (RuntimeException interrupted) {
      if (interrupted instanceof RunStopped stopped && stopped.why() != StopCause.SHUTDOWN) {
        engine.forget(assignment.affinity());
      }
      writer.flush();
      throw interrupted;
    }
  }

  /// Notes that a thought goes on, and from what its engine continues it.
  private static void resumed(
      JobJournal journal,
      Assignment assignment,
      ThoughtWriter writer,
      boolean takesIds,
      int again) {
    boolean byIds = takesIds && writer.ids().length > 0;
    journal.resumed(assignment.key(), writer.tokens(), again, byIds ? "ids" : "text");
  }
}
