package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Sampling;
import dev.ponder.engine.Written;
import dev.ponder.engine.llamaserver.Kept.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/// A thought whose llama-server is killed goes on from its snapshot, and from nothing else:
/// whatever is wrong with the snapshot costs the time of evaluating the thought again, and no word
/// of it.
@NeedsLlamaServer
@Timeout(180)
class LlamaServerSnapshotIT {
  private static final int CUT = 60;

  @TempDir Path temp;

  private Path slots;
  private Path folder;
  private LocalServer server;
  private LlamaServerEngine engine;
  private Part whole;

  @BeforeEach
  void begin() throws IOException {
    slots = Files.createDirectory(temp.resolve("slots"));
    folder = temp.resolve("kept");
    server = LocalServer.with(2, "--slot-save-path", slots.toString());
    try (LlamaServerEngine plain = server.engine()) {
      whole = Kept.whole(plain, Written.NOTHING);
    }
    use(Kept.store(folder, slots));
  }

  private void use(SnapshotStore store) {
    if (engine != null) {
      engine.close();
    }
    engine = server.engine(store);
  }

  @AfterEach
  void end() {
    engine.close();
    server.close();
  }

  /// The beginning of the thought; then the server is killed and started anew, and Ponder too.
  private Part killedInTheMiddle() {
    Part start = Kept.part(engine, Kept.greedy(Written.NOTHING), CUT);
    server.kill();
    server.start();
    return start;
  }

  private Part goOn(Part start) {
    use(Kept.store(folder, slots));
    return Kept.whole(engine, start.written());
  }

  private void assertTheThoughtIsWhole(Part start, Part rest) {
    assertThat(start.text() + rest.text()).isEqualTo(whole.text());
    assertThat(rest.end().usage().written())
        .isEqualTo(rest.pieces().stream().mapToInt(it -> it.tokens()).sum());
  }

  @Test
  void aThoughtIsTheSameWhetherItIsSavedOnTheWayOrNot() {
    Part saved = Kept.whole(engine, Written.NOTHING);

    assertThat(engine.capabilities().kvSnapshot()).isTrue();
    assertThat(saved.text()).isEqualTo(whole.text());
    assertThat(saved.written().ids()).isEqualTo(whole.written().ids());
    assertThat(saved.end().reason()).isEqualTo(whole.end().reason());
    assertThat(saved.end().usage().prompt()).isEqualTo(whole.end().usage().prompt());
    assertThat(saved.end().usage().written()).isEqualTo(whole.end().usage().written());
    assertThat(Kept.files(folder, ".kv")).as("the latest replaces the ones before").hasSize(1);
    assertThat(slots).isEmptyDirectory();
  }

  @Test
  void theSameSeedStillGivesTheSameText() {
    var sampling = new Sampling(0.8, 0.95, 20, 0, 0, 1);

    Part once = Kept.read(engine, Kept.request(Written.NOTHING, sampling, "job/1"));
    Part again = Kept.read(engine, Kept.request(Written.NOTHING, sampling, "job/2"));

    assertThat(again.text()).isEqualTo(once.text());
  }

  @Test
  void aThoughtGoesOnFromItsSnapshotAfterItsServerWasKilled() {
    Part start = killedInTheMiddle();

    Part rest = goOn(start);

    int before = whole.end().usage().prompt() + CUT;
    assertTheThoughtIsWhole(start, rest);
    assertThat(rest.end().usage().prompt()).isEqualTo(before);
    assertThat(rest.cached()).isGreaterThanOrEqualTo(whole.end().usage().prompt());
    assertThat(server.promptTokensEvaluated()).as("by the server's own count").isLessThan(before);
    assertThat(slots).isEmptyDirectory();
  }

  @Test
  void withoutASnapshotAllOfItIsEvaluatedAgain() {
    Part start = killedInTheMiddle();
    engine.forget("job/1");

    Part rest = goOn(start);

    int before = whole.end().usage().prompt() + CUT;
    assertTheThoughtIsWhole(start, rest);
    assertThat(rest.cached()).isZero();
    assertThat(server.promptTokensEvaluated()).isGreaterThanOrEqualTo(before);
  }

  private enum Damage {
    FLIPPED_BITS {
      @Override
      void to(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
      }
    },
    TRUNCATED {
      @Override
      void to(Path file) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 4_000));
      }
    },
    MISSING {
      @Override
      void to(Path file) throws IOException {
        Files.delete(file);
      }
    };

    abstract void to(Path file) throws IOException;
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void aDamagedFileIsNotRestored(Damage damage) throws IOException {
    Part start = killedInTheMiddle();
    damage.to(Kept.files(folder, ".kv").getFirst());

    Part rest = goOn(start);

    assertTheThoughtIsWhole(start, rest);
    assertThat(rest.cached()).isZero();
  }

  /// The same while Ponder ran on, so that it knew the snapshot when it was whole.
  @ParameterizedTest
  @EnumSource(Damage.class)
  void aFileThatIsDamagedLaterIsNotRestoredEither(Damage damage) throws IOException {
    SnapshotStore store = Kept.store(folder, slots);
    use(store);
    Part start = killedInTheMiddle();
    damage.to(Kept.files(folder, ".kv").getFirst());

    use(store);
    Part rest = Kept.whole(engine, start.written());

    assertTheThoughtIsWhole(start, rest);
    assertThat(rest.cached()).isZero();
  }

  @Test
  void theSnapshotOfAnotherModelOfTheSameShapeIsNotRestored() throws IOException {
    Part start = killedInTheMiddle();
    Path model = Kept.otherModel(temp.resolve("other.gguf"));
    try (LocalServer other =
            LocalServer.with(2, "--slot-save-path", slots.toString(), "-m", model.toString());
        LlamaServerEngine plain = other.engine();
        LlamaServerEngine kept = other.engine(Kept.store(folder, slots))) {
      Part without = Kept.whole(plain, start.written());
      plain.close();
      other.kill();
      other.start();

      Part with = Kept.whole(kept, start.written());

      assertThat(kept.capabilities().kvSnapshot()).isTrue();
      assertThat(with.cached()).isZero();
      assertThat(with.text()).isEqualTo(without.text());
    }
  }

  /// Everything about it is right but what is in it: only the words of the model tell.
  @Test
  void aForeignFileInPerfectDisguiseIsFoundOutAndItsSlotEmptied() throws IOException {
    Part start = killedInTheMiddle();
    disguise(Kept.files(folder, ".json").getFirst(), foreignFileOf(start));

    Part rest = goOn(start);

    assertTheThoughtIsWhole(start, rest);
    assertThat(rest.cached()).isZero();
    assertThat(engine.capabilities().kvSnapshot()).as("trusted no more").isFalse();
    assertThat(Kept.files(folder, ".kv")).isEmpty();
  }

  /// What a model of the same shape has evaluated of the tokens of our snapshot.
  private Path foreignFileOf(Part start) throws IOException {
    Path model = Kept.otherModel(temp.resolve("other.gguf"));
    Path others = temp.resolve("others");
    try (LocalServer other =
            LocalServer.with(2, "--slot-save-path", slots.toString(), "-m", model.toString());
        LlamaServerEngine kept = other.engine(Kept.store(others, slots))) {
      int[] ids = snapshot(Kept.files(folder, ".json").getFirst()).ids();
      int prompt = whole.end().usage().prompt();
      int[] written = Arrays.copyOfRange(ids, prompt, ids.length);
      Kept.part(kept, Kept.greedy(new Written("", written)), 2);
    }
    return Kept.files(others, ".json").getFirst();
  }

  private static Snapshot snapshot(Path file) throws IOException {
    return JsonMapper.shared().readValue(Files.readAllBytes(file), Snapshot.class);
  }

  private static void disguise(Path ours, Path foreign) {
    try {
      Snapshot before = snapshot(ours);
      Snapshot other = snapshot(foreign);
      Path data = foreign.resolveSibling(other.name() + ".kv");
      Snapshot forged =
          new Snapshot(
              before.model(),
              before.owner(),
              other.ids(),
              before.next(),
              other.saved(),
              other.bytes(),
              other.sha256(),
              before.at());
      Files.delete(ours);
      Files.delete(ours.resolveSibling(before.name() + ".kv"));
      Files.move(
          data, ours.resolveSibling(forged.name() + ".kv"), StandardCopyOption.REPLACE_EXISTING);
      Files.write(
          ours.resolveSibling(forged.name() + ".json"),
          JsonMapper.shared().writeValueAsBytes(forged));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void switchedOffNoFileIsEverWritten() {
    use(
        new SnapshotStore(
            Kept.settings(false, slots, 64), temp.resolve("off"), InstantSource.system()));

    Part part = Kept.whole(engine, Written.NOTHING);

    assertThat(engine.capabilities().kvSnapshot()).isFalse();
    assertThat(part.text()).isEqualTo(whole.text());
    assertThat(slots).isEmptyDirectory();
    assertThat(temp.resolve("off")).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeWrittenCostsNoThought() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "no folder");
    use(Kept.store(file, slots));

    Part part = Kept.whole(engine, Written.NOTHING);

    assertThat(engine.capabilities().kvSnapshot()).isFalse();
    assertThat(part.text()).isEqualTo(whole.text());
    assertThat(slots).isEmptyDirectory();
  }

  @Test
  void aFolderThatGoesAwayOnTheWayCostsNoThought() throws IOException {
    boolean before = engine.capabilities().kvSnapshot();
    Files.delete(folder);

    Part part = Kept.whole(engine, Written.NOTHING);

    assertThat(before).isTrue();
    assertThat(engine.capabilities().kvSnapshot()).isFalse();
    assertThat(part.text()).isEqualTo(whole.text());
    assertThat(slots).isEmptyDirectory();
  }

  /// A full disk has the same answer of the server.
  @Test
  void aServerThatCannotWriteItsFolderCostsNoThought() throws IOException {
    Files.delete(slots);

    Part part = Kept.whole(engine, Written.NOTHING);

    assertThat(part.text()).isEqualTo(whole.text());
    assertThat(engine.capabilities().kvSnapshot()).isFalse();
    assertThat(Kept.files(folder, ".kv")).isEmpty();
  }

  @Test
  void aFolderThatIsNotTheServersIsNoticed() throws IOException {
    use(Kept.store(folder, Files.createDirectory(temp.resolve("elsewhere"))));

    Part part = Kept.whole(engine, Written.NOTHING);

    assertThat(part.text()).isEqualTo(whole.text());
    assertThat(engine.capabilities().kvSnapshot()).isFalse();
    assertThat(Kept.files(folder, ".kv")).isEmpty();
  }

  @Test
  void aServerWithoutAFolderKeepsNothing() {
    try (LocalServer other = LocalServer.with(2);
        LlamaServerEngine kept = other.engine(Kept.store(folder, slots))) {
      assertThat(kept.capabilities().kvSnapshot()).isFalse();
      assertThat(Kept.whole(kept, Written.NOTHING).text()).isEqualTo(whole.text());
    }
  }

  @Test
  void whatIsForgottenIsDeleted() {
    Kept.whole(engine, Written.NOTHING);
    var second = Kept.request(Written.NOTHING, new Sampling(0, 1, 0, 0, 0, 1), "job/2");
    Kept.read(engine, second);
    int two = Kept.files(folder, ".kv").size();

    engine.forget("job/1");
    int one = Kept.files(folder, ".kv").size();
    engine.forget("job");

    assertThat(two).isEqualTo(2);
    assertThat(one).isEqualTo(1);
    assertThat(folder).isEmptyDirectory();
  }
}
