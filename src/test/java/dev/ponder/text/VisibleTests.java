package dev.ponder.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.hostile.TerminalAttack;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VisibleTests {

  @ParameterizedTest
  @EnumSource(TerminalAttack.class)
  void nothingIsLeftOfAnAttackButItsLetters(TerminalAttack attack) {
    assertThat(TerminalAttack.isHarmless(attack.text())).isFalse();
    assertThat(Visible.text(attack.text())).matches(TerminalAttack::isHarmless);
    assertThat(Visible.line(attack.text())).matches(TerminalAttack::isHarmless);
  }

  @Test
  void itIsShownAsJsonWouldWriteIt() {
    assertThat(Visible.text("\u001b[2J\r\u202e\udb40\udc41\ud83d"))
        .isEqualTo("\\u001b[2J\\u000d\\u202e\\udb40\\udc41\\ud83d");
  }

  @Test
  void linesAndTabsOfATextStayAndThoseOfALineDoNot() {
    assertThat(Visible.text("a\n\tb")).isEqualTo("a\n\tb");
    assertThat(Visible.line("a\n\tb")).isEqualTo("a\\n\\tb");
  }

  @Test
  void lettersOfEveryScriptAndEmojiStay() {
    String text = "Grüße, 第一步 עברית العربية हिन्दी e\u0301 😀 ✓ ⠋ ❤\ufe0f";

    assertThat(Visible.text(text)).isEqualTo(text);
    assertThat(Visible.line(text)).isEqualTo(text);
  }

  @Test
  void aPairIsWholeAlsoInTwoWritings() {
    var out = new StringWriter();
    var visible = VisibleOutput.of(new PrintWriter(out));

    visible.print('\ud83d');
    visible.print('\ude00');
    visible.print("\u001b[1m");
    visible.drawing().print("\u001b[0m");
    visible.print('\ud83d');
    visible.close();

    assertThat(out.toString()).isEqualTo("😀\\u001b[1m\u001b[0m\\ud83d");
  }
}
