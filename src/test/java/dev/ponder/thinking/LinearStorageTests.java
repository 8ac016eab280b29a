package dev.ponder.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.database.TestDatabase;
import dev.ponder.engine.ScriptedEngine;
import dev.ponder.job.JobCommands;
import dev.ponder.journal.Draft;
import dev.ponder.journal.Journals;
import dev.ponder.journal.archive.Thoughts;
import dev.ponder.memory.Thought;
import dev.ponder.memory.ThoughtKey;
import dev.ponder.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a thought takes in the database grows as its text does, and no faster.
@ParameterizedClass
@EnumSource(TestDatabase.class)
class LinearStorageTests {

  private static final int PACK_FROM = 2000;

  @Parameter TestDatabase database;
  @TempDir Path data;
  private ScriptedService service;
  private JdbcClient jdbc;
  private UUID job;
  private int visit = 10;

  @BeforeEach
  void holdAJob() {
    service =
        new ScriptedService(
            database.settings(data),
            new ScriptedEngine("scripted").hangsIn(1),
            "ponder.journal.pack-from=" + PACK_FROM);
    jdbc = service.bean(JdbcClient.class);
    job = service.submit("How much?");
    service.until(job, j -> j.stage().isPresent());
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void aRunningThoughtIsKeptOnceHoweverItsTextComes() {
    var random = new Random(7);
    for (int words : new int[] {1, 50, 800}) {
      var draft = draft();
      for (int i = 0; i < words; i++) {
        draft.write(word(random), 1 + random.nextInt(3), new int[0]);
        if (i % 97 == 0) {
          assertThat(stored("select sum(char_length(text)) from chunk"))
              .isLessThanOrEqualTo(draft.text().length());
        }
      }
      draft.flush();

      assertThat(stored("select sum(char_length(text)) from chunk"))
          .isEqualTo(draft.text().length());
      assertThat(stored("select count(*) from chunk")).isLessThanOrEqualTo(1 + draft.tokens() / 32);
      finish(draft);
    }
  }

  @Test
  void aFinishedThoughtIsOneRowNoLargerThanItsText() {
    var random = new Random(8);
    long before = 0;
    for (int words = 100; words <= 12_800; words *= 2) {
      var draft = draft();
      for (int i = 0; i < words; i++) {
        draft.write(word(random), 1, new int[0]);
      }
      Thought finished = finish(draft);

      long bytes = bytesOf(finished.key());
      assertThat(stored("select count(*) from chunk")).isZero();
      assertThat(bytes)
          .isLessThanOrEqualTo(finished.text().length() + finished.conclusion().length());
      assertThat(before == 0 ? 0 : (double) bytes / before)
          .as("bytes of %d words, by those of half as many", words)
          .isLessThan(2.2);
      assertThat(read(finished.key())).isEqualTo(finished);
      before = bytes;
    }
  }

  @Test
  void everyCharacterComesBackFromAPackedThought() {
    var draft = draft();
    String text = "Ünï©ødé 漢字 😀 \\ \" \n\t\r ".repeat(500) + "a\u0000b</think>\n\nSo: 😀";
    draft.write(text, 900, new int[0]);

    Thought finished = draft.finish(Duration.ZERO, false);

    assertThat(stored("select count(*) from thought where packed is not null")).isOne();
    assertThat(read(finished.key())).isEqualTo(finished);
    assertThat(finished.text()).contains("a\ufffdb");
    assertThat(service.bean(Thoughts.class).summaries(job))
        .anyMatch(summary -> summary.conclusion().equals("So: 😀"));
  }

  @Test
  void aDeletedJobLeavesNoRowBehind() {
    finish(draft());
    var running = draft();
    running.write("Not yet over", 3, new int[0]);
    running.flush();

    service.bean(JobCommands.class).delete(job);

    for (String table : new String[] {"job", "thought", "chunk", "journal"}) {
      assertThat(stored("select count(*) from " + table)).as(table).isZero();
    }
  }

  private Draft draft() {
    var journals = service.bean(Journals.class);
    return journals
        .open(service.job(job).lease(), journals.history(job), () -> false)
        .draft(new Draft.Blank(new ThoughtKey(Stage.SYNTHESIS, ++visit, 1), 7, 100, null), null);
  }

  private static Thought finish(Draft draft) {
    draft.write("</think>\n\nIt is so.", 4, new int[0]);
    return draft.finish(Duration.ZERO, false);
  }

  private Thought read(ThoughtKey key) {
    return service.thoughts(job).stream()
        .filter(thought -> thought.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private long bytesOf(ThoughtKey key) {
    return jdbc.sql(
            """
            select coalesce(octet_length(text), 0) + coalesce(octet_length(packed), 0)
              + coalesce(octet_length(conclusion), 0)
            from thought where visit = :visit
            """)
        .param("visit", key.visit())
        .query(Long.class)
        .single();
  }

  private long stored(String query) {
    Long found = jdbc.sql(query).query(Long.class).optional().orElse(null);
    return found == null ? 0 : found;
  }

  /// Words that cannot be packed well: letters at random.
  private static String word(Random random) {
    return random
            .ints(1 + random.nextInt(9), 'a', 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        + " ";
  }
}
