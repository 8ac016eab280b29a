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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Copying slots on servers that a test cannot have for real: one that damages its copies, one that
/// is busy, one without a folder. The evaluation always happens in slot 2.
@Timeout(60)
class SharedTrunkTests {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<String> actions = new CopyOnWriteArrayList<>();
  private final List<Integer> evaluated = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private Calls calls;
  private String slots = slots(false, false, false, false);
  private int refusal = 400;
  private int damaged = -1;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/slots", this::answer);
    server.start();
    calls =
        new Calls(
            ServerConnection.to(
                "big", URI.create("http://127.0.0.1:" + server.getAddress().getPort()), null),
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
      boolean asks = exchange.getRequestMethod().equals("GET");
      boolean probe = body.contains("../");
      if (!asks && !probe) {
        actions.add(
            exchange.getRequestURI().toString().replaceAll("/slots/(\\d)\\?action=", "$1 "));
      }
      byte[] answer = (asks ? slots : "{}").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(probe ? refusal : 200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private static String slots(boolean... busy) {
    return IntStream.range(0, busy.length)
        .mapToObj(i -> "{\"id\":%d,\"is_processing\":%s,\"x\":{\"id\":9}}".formatted(i, busy[i]))
        .toList()
        .toString();
  }

  private SharedTrunk trunk() {
    return new SharedTrunk(
        new ServerSlots(calls, LIMIT),
        (prompt, slot, tokens, limit) -> {
          evaluated.add(prompt.length);
          int[] written = {1, slot >= 0 && slot == damaged ? 99 : 2};
          TokenUsage usage = new TokenUsage(prompt.length, 0, tokens);
          return new SharedTrunk.Evaluated(
              new Completion(StopReason.LIMIT, usage, Duration.ZERO, Duration.ZERO), 2, written);
        });
  }

  /// Three prompts with so many tokens in common.
  private static List<int[]> prompts(int common) {
    return IntStream.of(1, 2, 3)
        .mapToObj(i -> IntStream.range(0, common + 5).map(at -> at < common ? at : -i).toArray())
        .toList();
  }

  @Test
  void evaluatesWhatIsCommonAndCopiesItToIdleSlots() {
    slots = slots(true, false, false, false);

    SharedTrunk.Shared shared = trunk().share(prompts(100), LIMIT);

    assertThat(shared).isNotNull();
    assertThat(shared.cost().usage().prompt()).isEqualTo(100);
    assertThat(shared.slots()).containsExactly(2, 1, 3);
    assertThat(actions).containsExactly("2 save", "1 restore", "3 restore");
  }

  @Test
  void checksTheFirstCopyOnly() {
    SharedTrunk trunk = trunk();

    trunk.share(prompts(100), LIMIT);
    trunk.share(prompts(50), LIMIT);

    assertThat(evaluated).containsExactly(100, 100, 100, 50);
  }

  @Test
  void dropsDamagedCopiesAndSharesNothingFromThenOn() {
    damaged = 0;
    SharedTrunk trunk = trunk();
    boolean before = trunk.offered();

    SharedTrunk.Shared cost = trunk.share(prompts(100), LIMIT);

    assertThat(before).isTrue();
    assertThat(cost).isNull();
    assertThat(trunk.offered()).isFalse();
    assertThat(actions).containsExactly("2 save", "0 restore", "1 restore", "0 erase", "1 erase");
    assertThat(trunk.share(prompts(100), LIMIT)).isNull();
    assertThat(actions).hasSize(5);
  }

  @Test
  void sharesNothingThatIsShorterThanTheTrouble() {
    assertThat(trunk().share(prompts(20), LIMIT)).isNull();
    assertThat(trunk().share(List.of(new int[100]), LIMIT)).isNull();
    assertThat(evaluated).isEmpty();
  }

  @Test
  void aServerWithoutAFolderForSlotsDoesNotOfferIt() {
    refusal = 501;

    assertThat(trunk().offered()).isFalse();
    assertThat(trunk().share(prompts(100), LIMIT)).isNull();
    assertThat(evaluated).isEmpty();
  }

  @Test
  void anEvaluationWithoutIdleSlotsStillWarmsOne() {
    slots = slots(true, true, false, true);

    assertThat(trunk().share(prompts(100), LIMIT)).isNotNull();
    assertThat(actions).isEmpty();
  }
}
