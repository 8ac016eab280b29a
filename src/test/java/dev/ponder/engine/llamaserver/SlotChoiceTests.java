package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.llamaserver.SlotChoice.Taken;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotChoiceTests {
  private static final String RULES = "Stage: analysis. State the facts and a plan. ";

  private final SlotChoice choice = new SlotChoice();

  private Taken take(String owner, String prompt) {
    return choice.take(owner, prompt, 3, ServerSlots.Sight.NOTHING);
  }

  private int used(String owner, String prompt) {
    try (Taken taken = take(owner, prompt)) {
      return taken.number();
    }
  }

  @Test
  void aThoughtComesBackToTheSlotThatHoldsIt() {
    int first = used("a/1", RULES + "lemons");
    used("b/1", RULES + "pens");
    used("c/1", RULES + "cats");

    Taken again = take("a/1", RULES + "lemons");

    assertThat(again.number()).isEqualTo(first);
    assertThat(again.warm()).isTrue();
  }

  @Test
  void thoughtsWithTheSameInstructionsDoNotThrowEachOtherOut() {
    int first = used("a/1", RULES + "lemons");
    int second = used("b/1", RULES + "lemons and pens");

    assertThat(second).isNotEqualTo(first);
    assertThat(used("a/1", RULES + "lemons")).isEqualTo(first);
    assertThat(used("b/1", RULES + "lemons and pens")).isEqualTo(second);
  }

  @Test
  void aNewThoughtGoesWhereTheMostOfItIsEvaluatedAndNobodyComesBackTo() {
    used("a/1", "Something else.");
    int alike = used("b/1", RULES + "pens");
    used("c/1", "Another thing.");
    choice.leave("a");
    choice.leave("b");
    choice.leave("c");

    Taken taken = take("d/1", RULES + "cats");

    assertThat(taken.number()).isEqualTo(alike);
    assertThat(taken.warm()).isFalse();
  }

  @Test
  void withoutLikenessItTakesTheSlotThatWasUsedLeastLately() {
    int oldest = used("a/1", "one");
    used("b/1", "two");
    used("c/1", "three");
    choice.leave("a/1");
    choice.leave("b/1");
    choice.leave("c/1");

    assertThat(used("d/1", "xyz")).isEqualTo(oldest);
  }

  @Test
  void whereAllAreTakenTheServerDecides() {
    take("a/1", "one");
    take("b/1", "two");
    Taken third = take("c/1", "three");
    int without = take("d/1", "four").number();

    third.close();
    third.close();

    assertThat(without).isEqualTo(ServerSlots.ANY);
    assertThat(take("d/1", "four").number()).isEqualTo(third.number());
  }

  @Test
  void slotsThatWorkForOthersAreLeftToThem() {
    choice.fill(0, "a/1", "nothing yet");
    var seen = new ServerSlots.Sight(Set.of(0, 2), Set.of(1), Set.of(), System.nanoTime());

    // Long enough after the start for none of them to be ours a moment ago.
    assertThat(choice.take("a/1", "one", 3, seen).number()).isEqualTo(1);
    assertThat(choice.take("b/1", "two", 3, seen).number()).isEqualTo(ServerSlots.ANY);
  }

  @Test
  void aSlotThatOnlyWeHaveJustLeftIsStillOurs() {
    int mine = used("a/1", "one");
    var seen = new ServerSlots.Sight(Set.of(mine), Set.of(), Set.of(), System.nanoTime());

    assertThat(choice.take("a/1", "one", 3, seen).number()).isEqualTo(mine);
  }

  @Test
  void aSlotThatIsEmptyHoldsNothingAnyMore() {
    int mine = used("a/1", "one");
    var seen = new ServerSlots.Sight(Set.of(), Set.of(0, 1, 2), Set.of(mine), System.nanoTime());

    assertThat(choice.take("a/1", "one", 3, seen).warm()).isFalse();
  }

  @Test
  void whatWasSeenBeforeASlotWorkedSaysNothingOfIt() {
    var seen = new ServerSlots.Sight(Set.of(), Set.of(0, 1, 2), Set.of(0, 1, 2), System.nanoTime());
    int mine = used("a/1", "one");

    Taken again = choice.take("a/1", "one", 3, seen);

    assertThat(again.number()).isEqualTo(mine);
    assertThat(again.warm()).isTrue();
  }

  @Test
  void aSlotThatWasFilledForAThoughtIsTakenByIt() {
    choice.take("x/1", "zero", 3, ServerSlots.Sight.NOTHING).close();
    choice.fill(2, "a/1", RULES);
    choice.fill(1, "a/2", RULES);

    assertThat(take("a/2", RULES).number()).isEqualTo(1);
    assertThat(take("a/1", RULES).number()).isEqualTo(2);
  }

  @Test
  void oneJobsThoughtsAreNotThoseOfAnother() {
    int one = used("a/1", RULES);
    int ten = used("a/10", RULES);

    choice.leave("a/1");

    assertThat(take("a/10", RULES).number()).isEqualTo(ten).isNotEqualTo(one);
  }
}
