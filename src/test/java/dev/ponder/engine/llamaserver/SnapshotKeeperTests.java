package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ponder.budget.TokenUsage;
import dev.ponder.engine.Completion;
import dev.ponder.engine.StopReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots on servers that a test cannot have for real: servers that report other numbers than
/// they should, write other words, or refuse what they wrote themselves.
@Timeout(60)
class SnapshotKeeperTests {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int[] IDS = IntStream.range(0, 100).toArray();

  @TempDir Path temp;

  private final List<String> actions = new CopyOnWriteArrayList<>();
  private Path slots;
  private Path model;
  private HttpServer server;
  private Calls calls;
  private SnapshotStore store;
  private int restored = 100;
  private int status = 200;
  private int cached = 99;
  private int[] words = {1, 2, 3, 4};

  @BeforeEach
  void start() throws IOException {
    slots = Files.createDirectory(temp.resolve("slots"));
    model = Files.write(temp.resolve("model.gguf"), new byte[200_000]);
    store = Kept.store(temp.resolve("kept"), slots);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/slots", this::answer);
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    calls =
        new Calls(
            ServerConnection.to("big", address, null),
            LlamaServerSettings.defaults(),
            InstantSource.system());
  }

  @AfterEach
  void end() {
    calls.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String action =
          exchange.getRequestURI().toString().replaceAll("/slots/(\\d)\\?action=", "$1 ");
      boolean probe = body.contains("../");
      if (!probe) {
        actions.add(action);
      }
      if (action.endsWith("save")) {
        Matcher name = Pattern.compile("ponder-[\\w.-]+").matcher(body);
        assertThat(name.find()).isTrue();
        Files.writeString(slots.resolve(name.group()), "evaluated");
      }
      byte[] answer =
          "{\"n_saved\":100,\"n_restored\":%d}"
              .formatted(restored)
              .getBytes(StandardCharsets.UTF_8);
      boolean refused = probe || (status != 200 && action.endsWith("restore"));
      exchange.sendResponseHeaders(refused ? 400 : 200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private SnapshotKeeper keeper() {
    var place = new ServerPlace(true, slots, null, List.of(), store);
    return new SnapshotKeeper(
        "big", place, new ServerSlots(calls, LIMIT), this::evaluate, LIMIT, InstantSource.system());
  }

  private SharedTrunk.Evaluated evaluate(int[] prompt, int slot, int tokens, Duration limit) {
    TokenUsage usage = new TokenUsage(prompt.length, cached, tokens);
    var completion = new Completion(StopReason.LIMIT, usage, Duration.ZERO, Duration.ZERO);
    return new SharedTrunk.Evaluated(completion, slot, words);
  }

  private ServerProps props(String path) {
    return new ServerProps("big", path, 4, 8192, true, false, "", "", "b1", "");
  }

  private ServerProps props() {
    return props(model.toString());
  }

  /// One that has saved a thought in slot 1.
  private SnapshotKeeper saved() {
    SnapshotKeeper keeper = keeper();
    assertThat(keeper.offered(props())).isTrue();
    keeper.save(props(), "a/1", IDS, 1);
    actions.clear();
    return keeper;
  }

  @Test
  void restoresWhatItSaved() {
    SnapshotKeeper keeper = saved();

    keeper.restore(props(), IDS, 2);

    assertThat(actions).containsExactly("2 restore");
    assertThat(keeper.offered(props())).isTrue();
    assertThat(keeper.kept(props(), IDS, "a/1")).isEqualTo(100);
    assertThat(keeper.kept(props(), IDS, "a/2")).isZero();
    assertThat(slots).isEmptyDirectory();
  }

  private void assertItIsDroppedAndTrustedNoMore(SnapshotKeeper keeper) {
    keeper.restore(props(), IDS, 2);

    assertThat(actions).containsExactly("2 restore", "2 erase");
    assertThat(keeper.offered(props())).isFalse();
    assertThat(keeper.turnOf("a/1", LIMIT)).isFalse();
    assertThat(temp.resolve("kept")).isEmptyDirectory();
    assertThat(slots).isEmptyDirectory();
  }

  @Test
  void aServerThatFindsFewerTokensAfterwardsIsNotBelieved() {
    SnapshotKeeper keeper = saved();
    cached = 98;

    assertItIsDroppedAndTrustedNoMore(keeper);
  }

  @Test
  void aServerThatRestoresAnotherNumberIsNotBelieved() {
    SnapshotKeeper keeper = saved();
    restored = 0;

    assertItIsDroppedAndTrustedNoMore(keeper);
  }

  @Test
  void aServerThatGoesOnWithOtherWordsIsNotBelieved() {
    SnapshotKeeper keeper = saved();
    words = new int[] {1, 2, 3, 5};

    assertItIsDroppedAndTrustedNoMore(keeper);
  }

  @Test
  void aServerThatRefusesWhatItWroteGetsNoMoreOfIt() {
    SnapshotKeeper keeper = saved();
    status = 400;

    assertItIsDroppedAndTrustedNoMore(keeper);
  }

  @Test
  void aSlotThatSomebodyElseHadInBetweenIsNotKept() {
    SnapshotKeeper keeper = keeper();
    cached = 20;

    keeper.save(props(), "a/1", IDS, 1);

    assertThat(temp.resolve("kept")).isEmptyDirectory();
    assertThat(slots).isEmptyDirectory();
    assertThat(keeper.offered(props())).as("that is no fault of the server").isTrue();
  }

  @Test
  void anotherBuildOrContextOrNumberOfSlotsIsAnotherModel() {
    SnapshotKeeper keeper = saved();
    String path = model.toString();

    for (ServerProps other :
        List.of(
            new ServerProps("big", path, 4, 8192, true, false, "", "", "b2", ""),
            new ServerProps("big", path, 4, 4096, true, false, "", "", "b1", ""),
            new ServerProps("big", path, 3, 8192, true, false, "", "", "b1", ""))) {
      assertThat(keeper.kept(other, IDS, null)).as(other.toString()).isZero();
    }
    assertThat(keeper.kept(props(), IDS, null)).isEqualTo(100);
  }

  @Test
  void aModelFileThatWasReplacedIsAnotherModel() throws IOException {
    SnapshotKeeper keeper = saved();
    byte[] bytes = new byte[200_000];
    bytes[150_000] = 1;
    Files.write(model, bytes);

    assertThat(keeper.kept(props(), IDS, null)).isZero();
  }

  @Test
  void aModelThatCannotBeIdentifiedIsNotKept() {
    assertThat(keeper().offered(props("models/big.gguf"))).as("relative to what?").isFalse();
    assertThat(keeper().offered(props(temp.resolve("missing.gguf").toString()))).isFalse();
    assertThat(keeper().offered(props(""))).isFalse();
  }
}
