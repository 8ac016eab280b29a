package dev.ponder.compression.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.memory.Wording;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which calculations are found in a text, and which of them are right.
class CalculationTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        // the embedded model's
        "6 * 24 = 144; 110 + 144 = 254; 254 - 35 = 219; 219 - 76 = 143",
        "Leo: 11 * 3 = 30 + 3 = 33 coins",
        "Key: 43 - 39 = 4; 4 + 28 = 32.",
        // the same, written differently
        "60 − 47 = 13, 60 – 47 = 13",
        "3 × 4 = 12, 3x4=12, 3 x 4 = 12, 3 · 4 = 12, 3 \\times 4 = 12",
        "12 / 4 = 3, 12 ÷ 4 = 3, 12 \\div 4 = 3",
        "60 minus 47 equals 13, 3 times 4 is equal to 12, 12 divided by 4 equals 3",
        "1,000 + 234 = 1,234",
        "2.5 + 1.25 = 3.75",
        "2,5 + 1,25 = 3,75",
        "2 million + 500 thousand = 2.5 million",
        "**60 - 47 = 13**; 60 - 47 = **13**",
        "\\(60 - 47 = \\boxed{13}\\)",
        "$60 - 47 = 13$",
        "- 60 - 47 = 13",
        "2. 60 - 47 = 13",
        "13 = 60 - 47",
        "(3 + 4) * 2 = 14, 2 * (3 + (4 - 1)) = 12",
        "2 + 3 * 4 = 14",
        "3 * -5 = -15, -3 + 5 = 2",
        // words and units between
        "60 coins - 47 coins = 13 coins left",
        "5 boxes * 24 pens per box = 120 pens",
        "$60 - $47 = $13, 60 € - 47 € = 13 €, 3 kg * 4 €/kg = 12 €",
        "80 km / 2 h = 40 km/h",
        "45 minutes + 15 minutes = 60 min",
        "3 kg + 4 = 7",
        "1/6 * 1/6 = 1/36, 1/6 * 1/6 ≈ 0.0278 (2.78 %)",
        "60 - 47 (the change) = 13 (coins)",
        "She has 5 pens and 3 * 4 = 12 lemons",
        "60 - 47 = 13 and then 12",
        "60 - 47 = 13 - that is the change",
        "so the change of 60 - 47 = 13 > 5",
        // rounding
        "10 / 3 = 3.33, 10 / 3 = 3.3, 10 / 3 = 3, 10 / 3 ≈ 3.33",
        "2 / 3 = 0.67, 2 / 3 = 0.66",
        "17 / 5 = 3 remainder 2",
        "3.14159 * 4 = 12.57",
        "10 / 3 * 3 = 10, 1/3 + 1/3 = 2/3",
        "219 * 3 ≈ 660, 219 * 3 ≈ 657, 219 * 3 = about 660",
        "10 / 3 = 3.33 * 2 = 6.66",
        // percent
        "20% of 50 = 10, 20 percent of 50 = 10, 50 * 20 % = 10",
        "5 / 20 = 25 %, 1 / 3 = 33.3 %",
        "12 % + 3 % = 15 %, 12 % + 3 = 15 %",
        "45 / 60 * 100 = 75 %, 45 / 60 * 100% = 75%",
        "50 + 20 % = 60, 50 - 20% = 40",
        // one after the other
        "3 + 4 = 7 * 2 = 14",
        "110 + 144 = 254 - 35 = 219 - 76 = 143"
      })
  void right(String text) {
    List<Calculation> found = in(text);

    assertThat(found).isNotEmpty().allMatch(Calculation::holds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "219 - 35 = 143",
        "219 - 35 - 76 = 143",
        "Key: 6 * 24 = 134.",
        "11 * 3 = 30 + 3 = 34",
        "11 * 4 = 30 + 3 = 33",
        "3 + 4 = 7 * 2 = 15",
        "143 = 219 - 35",
        "12 = 12 + 35",
        "60 coins minus 47 coins equals 14 coins",
        "3x4=13",
        "1,000 + 234 = 1,324",
        "2.5 + 1.25 = 3.7501",
        "10 / 3 = 3.34",
        "10 / 3 = 4",
        "10 / 3 ≈ 3.4",
        "219 * 3 ≈ 650",
        "20% of 50 = 1000",
        "5 / 20 = 0.25 %",
        "50 + 20 % = 61",
        "(3 + 4) * 2 = 11",
        "2 + 3 * 4 = 20",
        "3 * -5 = 15",
        "**60 - 47 = 14**",
        "\\(60 - 47 = \\boxed{14}\\)",
        "60-47=14",
        "2 million + 500 thousand = 3.5 million",
        "Is 60 - 47 = 14?"
      })
  void wrong(String text) {
    List<Calculation> found = in(text);

    assertThat(found).anyMatch(calculation -> !calculation.holds());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on 2026-11-25 = day 3",
        "12:30 - 2 = 10:30",
        "pages 3-5 = 3 pages",
        "version 1.2.3 + 1 = 1.2.4",
        "valve-17 = 4821, A17 - 3 = 5, x_2 + 3 = 9, box-12 + 1 = 4",
        "the 3rd + 2 = 7",
        "x = 3 - 5 = y",
        "x = 5, n = 3 + k",
        "x + 5 = 8, 2x - 5 = 7, 3 + 2x - 5 = 7, 5 = 8 - x",
        "Ada - 5 = 7, Ada - 5 + 3 = 7",
        "2^3 + 1 = 9, 5² + 3 = 28, 2**3 + 1 = 9, 5 + 2^3 = 13",
        "4! + 1 = 25",
        "3 : 4 + 1 = 9",
        "sqrt(16) + 3 = 7, \\sqrt{16} + 3 = 7, f(3 + 4) = 9",
        "half of 10 + 3 = 8, twice 5 + 3 = 13",
        "\\frac{10}{2} + 3 = 8",
        "60 - 47 ≠ 14, 60 - 47 < 14, 60 - 47 -> 14, 60 - 47 => 14, 3 + 4 >= 2",
        "1 1/2 + 2 = 3 1/2",
        "17 % 5 = 2, 10 + 5 = 1 (mod 7)",
        "10 / 0 = 7",
        "5 = 7",
        "12 + ? = 47",
        "60 - 47. = 14",
        "60 - 47 = many",
        "= 5 +, = -",
        "1 km + 500 m = 1500 m, 1 h 30 min + 45 min = 2 h 15 min, 60 min = 2 h - 60 min",
        "45 minutes = 45/60 hours, 3 dozen = 3 * 12",
        "0x10 + 1 = 17, 1e3 + 5 = 1005",
        "2(3 + 4) = 15, 100(1.05) = 106, |3 - 5| = 2, (2, 3) + (1, 1) = (3, 4)"
      })
  void noCalculationAtAll(String text) {
    assertThat(in(text)).isEmpty();
  }

  @Test
  void whatIsShownAndCompared() {
    assertThat(in("So Ada pays 3 lemons × 4 coins each = 12 coins, and $1,000 - 1 = 998."))
        .containsExactly(
            new Calculation("3*4", "12", true, "3 lemons × 4 coins each = 12"),
            new Calculation("1000-1", "998", false, "1,000 - 1 = 998"));
  }

  private static List<Calculation> in(String text) {
    return Calculation.in(Wording.plain(text));
  }
}
