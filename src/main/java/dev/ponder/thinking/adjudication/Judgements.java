package dev.ponder.thinking.adjudication;

import dev.ponder.journal.JudgementNote;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// What the job's model has said of its answers: which of them mean the same. Read from the journal
/// when a run takes the job up, so that nothing is asked twice. The prompts of branches read it
/// while it stays as it is.
public final class Judgements {

  /// For pipelines that ask no model.
  static final Judgements NONE = new Judgements(List.of());

  private final List<JudgementNote> notes;

  public Judgements(List<JudgementNote> notes) {
    this.notes = new CopyOnWriteArrayList<>(notes);
  }

  void add(JudgementNote note) {
    notes.add(note);
  }

  /// Whether both mean the same, if that was judged. A later judgement replaces an earlier one.
  Optional<Boolean> same(String one, String other) {
    if (notes.isEmpty()) {
      return Optional.empty();
    }
    String first = JudgementNote.digest(one);
    String second = JudgementNote.digest(other);
    for (JudgementNote note : List.copyOf(notes).reversed()) {
      int a = note.digests().indexOf(first) + 1;
      int b = note.digests().indexOf(second) + 1;
      if (a > 0 && b > 0) {
        return Optional.of(
            note.groups().stream().anyMatch(group -> group.contains(a) && group.contains(b)));
      }
    }
    return Optional.empty();
  }
}
