package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Capability;
import dev.ponder.engine.Written;
import dev.ponder.engine.llamaserver.Kept.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/// A snapshot that is damaged, or of another model, is not used: it costs the time of evaluating
/// the thought again, and no word of it.
@NeedsLlamaServer
@Timeout(180)
class DamagedSnapshotIT extends SavedThought {

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

      assertThat(kept.capabilities().offer(Capability.KV_SNAPSHOT)).isTrue();
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
    assertThat(engine.capabilities().offer(Capability.KV_SNAPSHOT)).as("trusted no more").isFalse();
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
}
