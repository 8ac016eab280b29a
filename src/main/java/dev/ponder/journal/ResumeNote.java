package dev.ponder.journal;

import org.jspecify.annotations.Nullable;

/// What a line of the journal says of a thought that goes on: `text by MODEL`, and in a line of its
/// own why another model goes on with it. Lines of earlier versions are one word.
///
/// @param from what it continues from: `ids`, `text`, or `beginning` if it is written anew
/// @param model that goes on with it; null in lines of earlier versions
/// @param because why it is not the job's own; null if it is
public record ResumeNote(String from, @Nullable String model, @Nullable String because) {

  private static final String BY = " by ";

  String line() {
    String first = model == null ? from : from + BY + model;
    return because == null ? first : first + "\n" + because;
  }

  public static ResumeNote read(String note) {
    int end = note.indexOf('\n');
    String first = end < 0 ? note : note.substring(0, end);
    int by = first.indexOf(BY);
    return new ResumeNote(
        by < 0 ? first : first.substring(0, by),
        by < 0 ? null : first.substring(by + BY.length()),
        end < 0 ? null : note.substring(end + 1));
  }
}
