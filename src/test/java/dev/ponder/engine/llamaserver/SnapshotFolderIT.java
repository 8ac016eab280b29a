package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Capability;
import dev.ponder.engine.Written;
import dev.ponder.engine.llamaserver.Kept.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever is wrong with the folders of snapshots, the thought is the same without them.
@NeedsLlamaServer
@Timeout(180)
class SnapshotFolderIT extends SavedThought {

  @Test
  void switchedOffNoFileIsEverWritten() {
    use(
        new SnapshotStore(
            Kept.settings(false, slots, 64), temp.resolve("off"), InstantSource.system()));

    Part part = Kept.whole(engine, Written.NOTHING);

    assertThat(engine.capabilities().offer(Capability.KV_SNAPSHOT)).isFalse();
    assertThat(part.text()).isEqualTo(whole.text());
    assertThat(slots).isEmptyDirectory();
    assertThat(temp.resolve("off")).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeWrittenCostsNoThought() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "no folder");
    use(Kept.store(file, slots));

    Part part = Kept.whole(engine, Written.NOTHING);

    assertThat(engine.capabilities().offer(Capability.KV_SNAPSHOT)).isFalse();
    assertThat(part.text()).isEqualTo(whole.text());
    assertThat(slots).isEmptyDirectory();
  }

  @Test
  void aFolderThatGoesAwayOnTheWayCostsNoThought() throws IOException {
    boolean before = engine.capabilities().offer(Capability.KV_SNAPSHOT);
    Files.delete(folder);

    Part part = Kept.whole(engine, Written.NOTHING);

    assertThat(before).isTrue();
    assertThat(engine.capabilities().offer(Capability.KV_SNAPSHOT)).isFalse();
    assertThat(part.text()).isEqualTo(whole.text());
    assertThat(slots).isEmptyDirectory();
  }

  /// A full disk has the same answer of the server.
  @Test
  void aServerThatCannotWriteItsFolderCostsNoThought() throws IOException {
    Files.delete(slots);

    Part part = Kept.whole(engine, Written.NOTHING);

    assertThat(part.text()).isEqualTo(whole.text());
    assertThat(engine.capabilities().offer(Capability.KV_SNAPSHOT)).isFalse();
    assertThat(Kept.files(folder, ".kv")).isEmpty();
  }

  @Test
  void aFolderThatIsNotTheServersIsNoticed() throws IOException {
    use(Kept.store(folder, Files.createDirectory(temp.resolve("elsewhere"))));

    Part part = Kept.whole(engine, Written.NOTHING);

    assertThat(part.text()).isEqualTo(whole.text());
    assertThat(engine.capabilities().offer(Capability.KV_SNAPSHOT)).isFalse();
    assertThat(Kept.files(folder, ".kv")).isEmpty();
  }

  @Test
  void aServerWithoutAFolderKeepsNothing() {
    try (LocalServer other = LocalServer.with(2);
        LlamaServerEngine kept = other.engine(Kept.store(folder, slots))) {
      assertThat(kept.capabilities().offer(Capability.KV_SNAPSHOT)).isFalse();
      assertThat(Kept.whole(kept, Written.NOTHING).text()).isEqualTo(whole.text());
    }
  }
}
