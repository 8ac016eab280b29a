package dev.ponder.thinking.thought;

import dev.ponder.journal.JobJournal;
import dev.ponder.journal.JournalSettings;
import dev.ponder.memory.Thought;
import dev.ponder.routing.ModelRoute;
import dev.ponder.thinking.ThinkingSettings;
import dev.ponder.thinking.thought.LiveJob.StopCause;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/// Writes thoughts: one at a time and per thread, from its first token or from where it was
/// interrupted, to its conclusion.
@Component
public class Thinker {

  private final ThinkingSettings settings;
  private final JournalSettings journalSettings;
  private final Speeds speeds;
  private final InstantSource time;
  private final ThoughtMemory memory;

  public Thinker(
      ThinkingSettings settings,
      JournalSettings journalSettings,
      Speeds speeds,
      InstantSource time,
      ThoughtMemory memory) {
    this.settings = settings;
    this.journalSettings = journalSettings;
    this.speeds = speeds;
    this.time = time;
    this.memory = memory;
  }

  /// Writes one thought down and returns it finished and durable.
  ///
  /// @throws dev.ponder.engine.EngineException if the engine cannot, after all retries; what was
  ///     written is durable
  /// @throws RunStopped if the run was stopped; what was written is durable
  /// @throws dev.ponder.job.LeaseLost if another run owns the job now
  public Thought think(ModelRoute lineup, JobJournal journal, LiveJob live, Assignment assignment) {
    var writer =
        journal.thought(
            assignment.key(),
            assignment.seed(),
            assignment.ruling().budget().total(),
            assignment.prompt(),
            assignment.interrupted());
    var resumption = new Resumption(journal, assignment.key(), settings.interruptionsMax());
    if (assignment.interrupted() != null && live.thoughts().containsKey(assignment.key())) {
      // This run wrote all there was, and waited for its engine since.
      resumption.interrupted();
    } else if (assignment.interrupted() != null) {
      // How much was decoded and lost with the process is not known; a chunk cannot hold more.
      resumption.afterCrash(journalSettings.chunkTokens());
    }
    var pen = new Pen(lineup, live, assignment, writer, resumption, settings, speeds, time, memory);
    try {
      var thought = pen.write();
      lineup.forget(assignment.affinity());
      return thought;
    } catch (dev.ponder.job.LeaseLost lost) {
      lineup.forget(assignment.affinity());
      throw lost;
    } catch (RuntimeException | Error ended) {
      if (Mistake.is(ended)) {
        var thought = brokenOff(pen, journal, assignment, ended);
        lineup.forget(assignment.affinity());
        return thought;
      }
      if (ended instanceof RunStopped stopped && stopped.why() != StopCause.SHUTDOWN) {
        lineup.forget(assignment.affinity());
      }
      writer.flush();
      throw ended;
    }
  }

  /// The thought ends where a mistake met it, and says so.
  private static Thought brokenOff(
      Pen pen, JobJournal journal, Assignment assignment, Throwable mistake) {
    String because = Mistake.told(assignment.key(), mistake);
    var thought = pen.breakOff();
    if (thought.isEmpty()) {
      throw new Mistake(because);
    }
    journal.brokenOff(assignment.key(), because);
    return thought.get();
  }
}
