package dev.ponder.compression.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.compression.check.FactCheck.Findings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a summary may say otherwise, and what it may not lose or make up.
class FactCheckTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        // the same number, written differently
        "It costs 1,000 coins.|Cost: 1000 coins",
        "It costs 1000 coins.|Cost: 1,000 coins",
        "It costs 1\u202f000 coins.|Cost: 1000 coins",
        "It costs 1 million euros.|Cost: €1,000,000",
        "The mean is 3.50.|mean 3.5",
        "The mean is 3,5.|mean 3.5",
        "The mean is 3.|mean 3.0",
        "It is 1.5e3 in all.|all: 1500",
        "There are 25 pens.|There are twenty-five pens.",
        "There are seven pens.|7 pens",
        "Then x is −5.|x = -5",
        "Then x is minus 5.|x is -5",
        "60 - 47 = 13.|60 - 47 = 13",
        "The 3rd term is 12.|term 3: 12",
        // units
        "It takes 5 kg of flour.|flour: 5kg",
        "It takes 5 kg of flour.|flour: 5 kilograms",
        "It grew by 12 %.|grew 12 percent",
        "It grew by 12%.|grew 12 per cent",
        "It costs $5.|costs 5 dollars",
        "It costs 5 dollars.|costs $5",
        "It drives 80 km/h.|speed: 80 kilometers per hour",
        "It packs 45 tickets an hour.|rate: 45 per hour",
        "It is 20 °C.|20 degrees Celsius",
        // what a number counts
        "There are 5 red apples and 7 pears.|7 pears, 5 apples",
        "There are 5 apples left.|apples: 5",
        "There are 5 apples left.|the apples are 5",
        // bounds
        "At least 5 pens are needed.|pens needed: at least 5",
        "At least 5 pens are needed.|no fewer than 5 pens needed",
        "At least 5 pens are needed.|5 or more pens needed; 5 pens or more",
        "At most 5 pens fit.|up to 5 pens fit",
        "At most 5 pens fit.|pens that fit: ≤ 5 pens",
        "More than 5 pens are there.|over 5 pens",
        "Then x >= 3.|x ≥ 3",
        // names
        "The oldest is Noah.|oldest: Noah",
        "Noah is the oldest.|the oldest: Noah",
        "It is Noah's pen.|the pen of Noah",
        "The tallest is Renée Müller.|tallest: Renée Müller",
        "The answer is B.|option B",
        "The file is A17.|file A17",
        // what is denied, demanded and restricted
        "Ada does not sell pens.|Ada: no selling of pens",
        "Each pen must be blue.|blue pen: must be blue",
        "Only Ada may leave.|leave: only Ada"
      })
  void acceptsWhatSaysTheSame(String conclusion, String summary) {
    assertThat(check(conclusion, summary).objections()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        // another number
        "It costs 1,000 coins.|Cost: 1,00 coins, and 100 coins",
        "It costs 1000 coins.|Cost: 100 coins",
        "The mean is 3.50.|mean 3.05, 350, 5.3",
        "Then x is -5.|x = 5",
        "Then x is 5.|x = -5",
        "Then x is minus 5.|x is 5",
        "The ratio is 3/4.|the ratio is 4/3",
        "It was on 2024-05-06.|on 2024-06-05",
        "It starts at 12:30.|starts at 12:03, 12 and 30",
        // part of another number or word
        "There are 12 pens.|There are 120 pens, 3.12 pens, 112 pens.",
        "There are 12 pens.|The pens are those in A12 and box-12.",
        "There are 5 pens.|5) pens are there",
        "The version is 3.5.|version 3.5.1",
        "The mean is 5.|mean 1,5 of 5th2",
        // units
        "It takes 5 kg of flour.|flour: 5",
        "It takes 5 kg of flour.|flour: 5 g",
        "It grew by 12 %.|grew by 12",
        "It costs $5.|costs €5",
        "It drives 80 km/h.|drives 80 km",
        "It is 20 °C.|20 °F",
        // what a number counts
        "There are 5 apples and 7 pears.|7 apples and 5 pears",
        "There are 5 apples, 7 pears.|apples 7, pears 5",
        // bounds
        "At least 5 pens are needed.|5 pens are needed",
        "At least 5 pens are needed.|at most 5 pens are needed",
        "At most 5 pens fit.|at least 5 pens fit",
        "5 pens fit.|at least 5 pens fit",
        "More than 5 pens are there.|at least 5 pens",
        "Not more than 5 pens fit.|more than 5 pens fit",
        "Then x is not 5.|x is 5",
        "About 5 pens are there.|exactly 5 pens",
        // names
        "The oldest is Noah.|the oldest is known",
        "The oldest is Ann.|the oldest is Anna",
        "The tallest is Renée.|the tallest is Rene",
        "The answer is B.|the answer is C, not a b",
        "The file is A17.|the file is A1, 17",
        // what is denied, demanded and restricted
        "Ada does not sell pens.|Ada does sell pens.",
        "Ada sells pens.|Ada never sells pens.",
        "Each pen must be blue.|each pen is blue",
        "Only Ada may leave.|Ada may leave",
        // a conclusion of plain words
        "Verdict: wrong|Verdict: correct",
        // made up
        "The oldest is Noah.|Noah is oldest, then comes Tara.",
        "There are 12 pens.|12 pens and 3 cups"
      })
  void objectsToWhatSaysSomethingElse(String conclusion, String summary) {
    assertThat(check(conclusion, summary).passed()).isFalse();
  }

  @Test
  void namesWhatIsMissingAndWhatIsMadeUp() {
    Findings findings =
        check("Noah needs at least 5 kg, and 12 coins are left.", "Key: Noah has 13 coins.");

    assertThat(findings.missing()).containsExactly("at least 5 kg", "12 coins");
    assertThat(findings.invented()).containsExactly("13 coins");
    assertThat(findings.objections())
        .containsExactly(
            "missing: at least 5 kg", "missing: 12 coins", "not in the notes: 13 coins");
  }

  @Test
  void theEmptySummaryKeepsNothing() {
    assertThat(check("There are 12 pens.", "").missing()).containsExactly("12 pens");
  }

  @Test
  void aConclusionMayCiteItsReasoning() {
    var check = FactCheck.finished("Ada pays with 60 coins and buys 3 lemons.", "Answer: 13");

    assertThat(check.check("60 coins, 3 lemons; the answer is 13").passed()).isTrue();
    assertThat(check.check("the answer is 13 of 61 coins").invented()).containsExactly("61 coins");
  }

  @Test
  void resultsThatWereUsedUpMayGo() {
    var check =
        FactCheck.unfinished("Step by step.\n43 - 28 = 15\n15 + 74 = 89\n89 - 53 = 36", List.of());

    assertThat(check.check("Key: after step: 36.").objections()).isEmpty();
    assertThat(check.check("Key: 89 - 53.").missing()).containsExactly("36");
  }

  @Test
  void resultsThatAreStillNeededStay() {
    var check = FactCheck.unfinished("5 * 2 = 10\n20 * 4 = 80", List.of());

    assertThat(check.check("Key: 5 * 2 = 10; 20 * 4 = 80.").passed()).isTrue();
    assertThat(check.check("Key: 20 * 4 = 80.").missing()).containsExactly("10");
  }

  @Test
  void statementsOfAnUnfinishedThoughtStay() {
    String text =
        "Let me see.\nFact: the code of Valve 17 is 4821.\nHm, or 99?\npairs: Noah > Tara";
    var check =
        FactCheck.unfinished(
            text, List.of("Fact: the code of Valve 17 is 4821.", "pairs: Noah > Tara"));

    assertThat(check.check("Valve 17: 4821; Noah > Tara").objections()).isEmpty();
    assertThat(check.check("Valve 17: 4821").missing()).containsExactly("Noah", "Tara");
    assertThat(check.check("Valve 17; Noah > Tara").missing()).containsExactly("4821");
  }

  /// Summaries that the embedded model wrote, or could have written, of its thoughts on practice
  /// problems. Each number of the conclusion is in all of them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6 * 24 = 144; 110 + 144 = 254; 254 - 35 = 219; 219 - 76 = 143|143|Key: 219 - 35 = 143.|219 - 35 = 143",
        "6 * 24 = 144; 110 + 144 = 254; 254 - 35 = 219; 219 - 76 = 143|143|Key: 254 - 35 = 219; 219 - 76 = 143.|",
        "6 * 24 = 144; 110 + 144 = 254; 254 - 35 = 219; 219 - 76 = 143|143|Key: 110 + 144 - 35 - 76 = 143.|",
        "4 * 3 = 12; 7 * 5 = 35; 12 + 35 = 47; 60 - 47 = 13|13|Key: 12 + 35 = 60; 60 - 47 = 13.|12 + 35 = 60",
        "43 - 39 = 4; 4 + 28 = 32|32|Key: 43 - 28 = 4, 39 = 32 - 4.|43 - 28 = 4 and 39 = 32 - 4",
        "37 * 5 = 185; 185 - 15 = 170|170|Key: 37 * 5 = 185; 185 - 15 = 170.|",
        "37 * 5 = 185; 185 - 15 = 170|170|Key: 37 * 5 - 15 = 170.|",
        "37 * 5 = 185; 185 - 15 = 170|170|Key: 37 * 15 = 170; 185.|37 * 15 = 170",
        "parts: 4 + 1 = 5; one part: 40 / 5 = 8; Rosa: 8 * 4 = 32|32|Key: parts: 4 + 1 = 5; one part: 40 / 5 = 8; Rosa: 40 * 4 = 32.|40 * 4 = 32",
        "96 - 89 = 7; constant difference 7, falling; 89 - 7 = 82|82|Key: 96 - 89 = 7; constant difference 7; 89 + 7 = 82.|89 + 7 = 82",
        "All 3 branches say 75.; 75 + 4 + 81 = 69 + 81 = 150|75|Key: 75 - 81 = 75; 75 + 81 = 150.|75 - 81 = 75 and 75 + 81 = 150",
        "37 + 40 = 77; 77 * 9 = 630 + 63 = 793; 793 - 34 = 759|759|Key: 37 + 40 = 77; 77 * 9 = 793; 793 - 34 = 759.|77 * 9 = 793"
      })
  void aWrongCalculationIsNamed(
      String reasoning, String conclusion, String summary, @Nullable String wrong) {
    var findings = FactCheck.finished(reasoning.replace("; ", "\n"), conclusion).check(summary);

    assertThat(findings.missing()).isEmpty();
    assertThat(findings.invented()).isEmpty();
    assertThat(findings.wrong())
        .isEqualTo(wrong == null ? List.of() : List.of(wrong.split(" and ")));
    assertThat(findings.passed()).isEqualTo(wrong == null);
  }

  @Test
  void anErrorOfTheThoughtItselfMayBeCopied() {
    var check = FactCheck.finished("219 - 35 = 143", "143 are left");

    assertThat(check.check("Key: 219 - 35 = 143 left.").objections()).isEmpty();
    assertThat(check.check("Key: 35 + 143 = 219, so 143 left.").objections())
        .containsExactly("wrong: 35 + 143 = 219");
  }

  @Test
  void anErrorThatTheThoughtCorrectedMayNot() {
    var check = FactCheck.finished("219 - 35 = 143. No: 219 - 35 = 184.", "184 are left, not 143");

    assertThat(check.check("184 are left, not 143; 219 - 35 = 143.").wrong())
        .containsExactly("219 - 35 = 143");
    assertThat(check.check("184 are left, not 143; 219 - 35 = 184.").objections()).isEmpty();
  }

  /// Facts of all kinds, put together at random: the summary that lists them passes, and it does
  /// not once any one of them is left out or changed.
  @Test
  void findsTheOneFactThatIsGone() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<String> facts = facts(random);
      String conclusion = facts.stream().collect(Collectors.joining(".\n", "", "."));
      List<String> shuffled = new ArrayList<>(facts);
      Collections.shuffle(shuffled, random);

      assertThat(check(conclusion, String.join("; ", shuffled)).objections())
          .as("seed %d, round %d: %s", seed, round, shuffled)
          .isEmpty();

      String gone = shuffled.remove(random.nextInt(shuffled.size()));
      assertThat(check(conclusion, String.join("; ", shuffled)).missing())
          .as("seed %d, round %d: without '%s' of %s", seed, round, gone, facts)
          .isNotEmpty();
    }
  }

  private static List<String> facts(Random random) {
    var names = new ArrayList<>(List.of("Noah", "Zoë", "Łukasz", "Ann-Marie", "O'Neil", "Béla"));
    var units = new ArrayList<>(List.of("kg", "%", "km/h", "GB", "coins", "red apples", "hours"));
    var bounds = List.of("", "at least ", "at most ", "more than ", "about ");
    Collections.shuffle(names, random);
    Collections.shuffle(units, random);
    List<String> facts = new ArrayList<>();
    int number = 2;
    for (int i = 0; i < 5; i++) {
      number += 1 + random.nextInt(500);
      String written =
          switch (random.nextInt(3)) {
            case 0 -> String.valueOf(number);
            case 1 -> "%,d".formatted(number * 1000L);
            default -> number + "." + (1 + random.nextInt(9));
          };
      facts.add(
          "the share of %s is %s%s %s"
              .formatted(
                  names.get(i), bounds.get(random.nextInt(bounds.size())), written, units.get(i)));
    }
    return facts;
  }

  private static Findings check(String conclusion, String summary) {
    return FactCheck.finished("", conclusion).check(summary);
  }
}
