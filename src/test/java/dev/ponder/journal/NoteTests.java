package dev.ponder.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the journal's lines say in words, and what is read of it again.
class NoteTests {

  @Test
  void aJudgementIsReadAsItWasWritten() {
    var note =
        JudgementNote.of(
            "qwen3: large", List.of(List.of(1, 3), List.of(2)), List.of("13", "14", "thirteen"));

    assertThat(note.line())
        .startsWith("qwen3: large: 1=3, 2\n1. " + JudgementNote.digest("13") + " 13\n2. ");
    assertThat(JudgementNote.read(note.line())).contains(note);
    assertThat(JudgementNote.digest("13")).matches("[0-9a-f]{12}");
  }

  @Test
  void longAnswersShareTheRoomOfANote() {
    var note =
        JudgementNote.of(
            "m", List.of(List.of(1), List.of(2)), List.of("🦆\n".repeat(2000), "b".repeat(601)));

    JudgementNote read = JudgementNote.read(note.line()).orElseThrow();

    assertThat(read.answers())
        .containsExactly("🦆 ".repeat(300).stripTrailing() + " ", "b".repeat(600));
    assertThat(read.digests()).isEqualTo(note.digests());
    assertThat(read.groups()).isEqualTo(note.groups());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no colon",
        "m: 1=2\n1. 0123456789ab x",
        "m: 1=x\n1. 0123456789ab x",
        "m: 1000\n1. 0123456789ab x",
        "m: \n1. 0123456789ab x"
      })
  void aNoteThatSaysSomethingElseIsNoJudgement(String note) {
    assertThat(JudgementNote.read(note)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ids, mini, , ids by mini",
    "text, other, mini is away, 'text by other\nmini is away'",
    "text, , , text"
  })
  void aResumptionIsReadAsItWasWritten(String from, String model, String because, String line) {
    var note = new ResumeNote(from, model, because);

    assertThat(note.line()).isEqualTo(line);
    assertThat(ResumeNote.read(line)).isEqualTo(note);
  }

  @Test
  void aLongNoteIsCutBetweenCharacters() {
    assertThat(Line.brief("abc", 3)).isEqualTo("abc");
    assertThat(Line.brief("abcd", 3)).isEqualTo("ab…");
    assertThat(Line.brief("a🦆cd", 4)).isEqualTo("a🦆…");
    assertThat(Line.brief("a🦆cd", 3)).isEqualTo("a…");
  }
}
