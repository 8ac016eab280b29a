package dev.ponder.thinking.thought;

import dev.ponder.engine.Capabilities;
import dev.ponder.engine.Capability;
import dev.ponder.journal.Draft;
import dev.ponder.journal.JobJournal;
import dev.ponder.journal.ResumeNote;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.routing.ModelRoute;

/// Writes down each time a thought goes on after an interruption, or with another model: which one,
/// from what, and what it cost. Used by the thread that writes the thought.
final class Resumption {

  private final JobJournal journal;
  private final ThoughtKey key;
  private final int anewMax;
  private boolean interrupted;
  private int again;
  private int anew;
  private String model = "";

  /// @param anewMax how often a thought is begun anew at most
  Resumption(JobJournal journal, ThoughtKey key, int anewMax) {
    this.journal = journal;
    this.key = key;
    this.anewMax = anewMax;
  }

  /// An earlier run was interrupted in this thought.
  ///
  /// @param lost tokens that were decoded and lost with it, at most
  void afterCrash(int lost) {
    interrupted = true;
    again = lost;
  }

  /// The engine broke off.
  void interrupted() {
    interrupted = true;
  }

  /// Whether to begin the thought anew may still help.
  boolean mayBeginAnew() {
    return anew < anewMax;
  }

  /// The thought is begun anew, because the model in charge cannot go on with a text.
  ///
  /// @param tokens that are given up
  void beginsAnew(int tokens) {
    anew++;
    interrupted = true;
    again += tokens;
  }

  /// An engine has taken the thought up.
  void goesOn(ModelRoute.InCharge asked, Capabilities can, Draft draft) {
    boolean other = !asked.own() && !asked.model().equals(model);
    model = asked.model();
    if (!interrupted && !other) {
      return;
    }
    boolean ids = asked.own() && draft.ids(0).length > 0 && can.offer(Capability.TOKEN_IDS);
    String from = draft.tokens() == 0 ? "beginning" : ids ? "ids" : "text";
    journal.resumed(
        key, draft.tokens(), again, new ResumeNote(from, asked.model(), asked.because()));
    interrupted = false;
    again = 0;
  }
}
