package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class SnapshotStoreTests {
  private static final String MODEL = "a model";

  @TempDir Path temp;

  private Instant now = Instant.parse("2026-11-25T12:00:00Z");

  private Path folder() {
    return temp.resolve("kept");
  }

  private SnapshotStore store(boolean enabled, int files, long bytes) {
    var settings =
        new KvSnapshotSettings(
            enabled, folder(), null, 16, 0.5, files, DataSize.ofBytes(bytes), Duration.ofHours(2));
    return new SnapshotStore(settings, temp.resolve("unused"), () -> now);
  }

  private SnapshotStore store() {
    return store(true, 3, 1_000);
  }

  private static int[] ids(int first, int count) {
    return IntStream.range(first, first + count).toArray();
  }

  private Snapshot keep(SnapshotStore store, String owner, int[] ids, int bytes)
      throws IOException {
    Path file = Files.write(temp.resolve("written"), new byte[bytes]);
    now = now.plusSeconds(1);
    store.keep(file, new Snapshot(MODEL, owner, ids, new int[] {1}, ids.length, 0, "", now));
    assertThat(file).doesNotExist();
    return store.longest(MODEL, ids);
  }

  @Test
  void findsWhatIsKeptOfAThoughtAlsoAfterAnotherStart() throws IOException {
    Snapshot kept = keep(store(), "a/1", ids(0, 100), 10);

    Snapshot found = store().longest(MODEL, ids(0, 150));

    assertThat(found.name()).isEqualTo(kept.name());
    assertThat(found.shared(ids(0, 150))).isEqualTo(100);
    assertThat(store().intact(found)).isTrue();
  }

  @Test
  void findsItForAThoughtThatLostItsLastTokens() throws IOException {
    SnapshotStore store = store();
    keep(store, "a/1", ids(0, 100), 10);

    assertThat(store.longest(MODEL, ids(0, 70)).shared(ids(0, 70))).isEqualTo(70);
  }

  @Test
  void anotherModelOrAnotherThoughtIsNoMatch() throws IOException {
    SnapshotStore store = store();
    keep(store, "a/1", ids(0, 100), 10);

    assertThat(store.longest("another model", ids(0, 100))).isNull();
    assertThat(store.longest(MODEL, ids(1, 100))).isNull();
    assertThat(store.longest(MODEL, ids(0, 49))).isNull();
  }

  @Test
  void keepsTheLatestOfEachThought() throws IOException {
    SnapshotStore store = store();
    keep(store, "a/1", ids(0, 100), 10);
    keep(store, "a/1", ids(0, 120), 10);

    assertThat(Kept.files(folder(), ".kv")).hasSize(1);
    assertThat(store.longest(MODEL, ids(0, 200)).ids()).hasSize(120);
  }

  @Test
  void theOldestGoesWhenThereAreTooMany() throws IOException {
    SnapshotStore store = store();
    for (int i = 0; i < 5; i++) {
      keep(store, "a/" + i, ids(1_000 * i, 100), 10);
    }

    assertThat(Kept.files(folder(), ".kv")).hasSize(3);
    assertThat(store.longest(MODEL, ids(1_000, 100))).isNull();
    assertThat(store.longest(MODEL, ids(2_000, 100))).isNotNull();
  }

  @Test
  void theOldestGoesWhenTheyTakeTooMuchRoom() throws IOException {
    SnapshotStore store = store();
    keep(store, "a/1", ids(1_000, 100), 600);
    keep(store, "a/2", ids(2_000, 100), 300);
    keep(store, "a/3", ids(3_000, 100), 500);

    assertThat(store.longest(MODEL, ids(1_000, 100))).isNull();
    assertThat(store.longest(MODEL, ids(2_000, 100))).isNotNull();
    assertThat(Kept.files(folder(), ".kv")).hasSize(2);
  }

  @Test
  void oneThatIsLargerThanAllTheRoomIsRefusedWithBothNumbers() {
    assertThatThrownBy(() -> keep(store(), "a/1", ids(0, 100), 1_001))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1,001 bytes")
        .hasMessageContaining("limit is 1,000");
    assertThat(Kept.files(folder(), "")).isEmpty();
  }

  @Test
  void whatIsTooOldIsDeleted() throws IOException {
    keep(store(), "a/1", ids(0, 100), 10);
    now = now.plus(Duration.ofHours(3));

    SnapshotStore later = store();

    assertThat(later.longest(MODEL, ids(0, 100))).isNull();
    assertThat(folder()).isEmptyDirectory();
  }

  @Test
  void leftoversAreSweptAtTheStartAndFilesOfOthersAreNot() throws IOException {
    Snapshot kept = keep(store(), "a/1", ids(0, 100), 10);
    Path orphan = Files.createFile(folder().resolve("0".repeat(64) + ".kv"));
    Path half = Files.createFile(folder().resolve(kept.name() + ".part"));
    Path foreign = Files.writeString(folder().resolve("1".repeat(64) + ".json"), "{}");
    Path renamed =
        Files.copy(
            folder().resolve(kept.name() + ".json"), folder().resolve("2".repeat(64) + ".json"));
    Path server = Files.createDirectory(folder().resolve(ManagedProcess.FOLDER + "12"));
    Files.createFile(server.resolve("slot.kv"));
    Path others = Files.createFile(folder().resolve("notes.txt"));

    store();

    assertThat(orphan).doesNotExist();
    assertThat(half).doesNotExist();
    assertThat(foreign).doesNotExist();
    assertThat(renamed).doesNotExist();
    assertThat(server).doesNotExist();
    assertThat(others).exists();
    assertThat(Kept.files(folder(), ".kv")).hasSize(1);
  }

  @Test
  void switchedOffEverythingOfOursIsDeletedAndNoFolderIsMade() throws IOException {
    keep(store(), "a/1", ids(0, 100), 10);

    SnapshotStore off = store(false, 3, 1_000);

    assertThat(off.usable()).isFalse();
    assertThat(folder()).isEmptyDirectory();
    Files.delete(folder());
    store(false, 3, 1_000);
    assertThat(folder()).doesNotExist();
  }

  @Test
  void forgetsAThoughtOrAllOfAJob() throws IOException {
    SnapshotStore store = store();
    keep(store, "a/1", ids(1_000, 100), 10);
    keep(store, "a/10", ids(2_000, 100), 10);
    keep(store, "b/1", ids(3_000, 100), 10);

    store.forget("a/1");
    assertThat(store.longest(MODEL, ids(1_000, 100))).isNull();
    assertThat(store.longest(MODEL, ids(2_000, 100))).isNotNull();

    store.forget("a");
    assertThat(store.longest(MODEL, ids(2_000, 100))).isNull();
    assertThat(store.longest(MODEL, ids(3_000, 100))).isNotNull();
  }

  @Test
  void tidiesUpWhatDoesNotGoOnAndWhatIsTooOld() throws IOException {
    SnapshotStore store = store();
    keep(store, "a/1", ids(1_000, 100), 10);
    now = now.plus(Duration.ofHours(1));
    keep(store, "b/1", ids(2_000, 100), 10);
    keep(store, "c/1", ids(3_000, 100), 10);
    now = now.plus(Duration.ofMinutes(90));
    List<String> asked = new ArrayList<>();

    store.tidy(
        owner -> {
          asked.add(owner);
          return owner.equals("c/1");
        });

    assertThat(asked).containsExactlyInAnyOrder("b/1", "c/1");
    assertThat(store.longest(MODEL, ids(1_000, 100))).isNull();
    assertThat(store.longest(MODEL, ids(2_000, 100))).isNull();
    assertThat(store.longest(MODEL, ids(3_000, 100))).isNotNull();
    try (var files = Files.list(folder())) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void aChangedOrMissingFileIsNotIntact() throws IOException {
    SnapshotStore store = store();
    Snapshot kept = keep(store, "a/1", ids(0, 100), 10);
    Path data = Kept.files(folder(), ".kv").getFirst();

    Files.write(data, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    assertThat(store.intact(kept)).isFalse();
    Files.write(data, new byte[9]);
    assertThat(store.intact(kept)).isFalse();
    Files.delete(data);
    assertThat(store.intact(kept)).isFalse();
  }

  @Test
  void savingTakesItsShareOfTheTimeAndComesToEachInTurn() {
    SaveSchedule turns = new SaveSchedule(0.5);
    boolean first = turns.take("a");
    turns.took(Duration.ofHours(1).toNanos());

    assertThat(first).isTrue();
    assertThat(turns.take("b")).as("the next turn is an hour away").isFalse();
    turns.took(0);
    assertThat(turns.take("a")).as("b waited before").isFalse();
    assertThat(turns.take("b")).isTrue();
    assertThat(turns.take("a")).isTrue();
  }

  @Test
  void nothingIsSavedSoCloseToADeadlineThatItCouldMissIt() {
    SaveSchedule turns = new SaveSchedule(0.5);
    boolean before = turns.fits(Duration.ofSeconds(40));
    turns.took(Duration.ofSeconds(10).toNanos());

    assertThat(before).isTrue();
    assertThat(turns.fits(Duration.ofSeconds(40))).isFalse();
    assertThat(turns.fits(Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void whoNoLongerWaitsKeepsNobodyWaiting() {
    SaveSchedule turns = new SaveSchedule(0.5);
    turns.took(Duration.ofHours(1).toNanos());
    turns.take("gone");
    turns.took(0);

    turns.leave("gone");

    assertThat(turns.take("a")).isTrue();
  }
}
