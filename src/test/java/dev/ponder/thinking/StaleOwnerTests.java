package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.Answer;
import dev.ponder.job.Answer.Completeness;
import dev.ponder.job.Answer.ConfidenceBasis;
import dev.ponder.job.Lease;
import dev.ponder.job.LeaseLost;
import dev.ponder.journal.Draft;
import dev.ponder.journal.History;
import dev.ponder.journal.JobJournal;
import dev.ponder.journal.Journals;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// An owner that was replaced while it slept wakes up and goes on writing.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class StaleOwnerTests {

  @Parameter TestDatabase database;
  @TempDir Path data;
  private final ScriptedEngine engine = new ScriptedEngine("scripted");
  private ScriptedService service;
  private UUID job;
  private JobJournal stale;

  @BeforeEach
  void startAJobThatAnotherOwnerOnceHad() {
    engine.hangsIn(1);
    service = new ScriptedService(database.settings(data), engine);
    job = service.submit("How much?");
    service.until(job, j -> j.stage().isPresent());
    long epoch = service.job(job).lease().epoch();
    var nothing = new History(List.of(), Map.of(), 1000, null, List.of());
    stale = service.bean(Journals.class).open(new Lease(job, epoch - 1), nothing, () -> false);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void nothingOfWhatItWritesIsTaken() {
    var key = new ThoughtKey(Stage.SYNTHESIS, 1, 1);
    var draft = stale.draft(new Draft.Blank(key, 7, 100, null), null);
    draft.write("Late words.", 3, new int[0]);
    Stream<Runnable> writes =
        Stream.of(
            draft::flush,
            () -> draft.finish(Duration.ZERO, false),
            () -> stale.enter(Stage.SYNTHESIS, 1),
            () -> {
              stale.sendBack("late");
              stale.enter(Stage.DEEP_EXPLORATION, 2);
            },
            () -> {
              stale.hurry(Stage.VERIFICATION, 1, "late");
              stale.enter(Stage.FINAL_OUTPUT, 1);
            },
            () -> stale.pause("late"),
            () -> stale.fail("late"),
            () ->
                stale.complete(
                    new Answer("late", 1, ConfidenceBasis.ESTIMATED, Completeness.FULL, "nothing")),
            () -> {
              draft.finish(Duration.ZERO, true);
              stale.complete(
                  new Answer("late", 1, ConfidenceBasis.ESTIMATED, Completeness.FULL, "nothing"));
            });

    assertThat(writes)
        .allSatisfy(write -> assertThatThrownBy(write::run).isInstanceOf(LeaseLost.class));

    assertThat(service.journal(job)).noneMatch(line -> line.seq() > 1000);
    assertThat(service.thoughts(job)).isEmpty();
    assertThat(service.job(job).status().isFinal()).isFalse();
  }
}
