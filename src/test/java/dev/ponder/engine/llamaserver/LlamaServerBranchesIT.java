package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ponder.engine.Capability;
import dev.ponder.engine.Completion;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.Engine;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.resilience.ResilienceSettings;
import dev.ponder.engine.resilience.ResilientEngine;
import dev.ponder.time.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three branches whose prompts begin alike, with the numbers that the server itself reports.
@NeedsLlamaServer
@Timeout(120)
class LlamaServerBranchesIT {

  @Test
  void threeBranchesEvaluateTheirCommonBeginningOnce(@TempDir Path slots) throws Exception {
    try (LocalServer server = LocalServer.with(4, "--slot-save-path", slots.toString());
        Engine engine = resilient(server)) {
      engine.capabilities();
      // The first copy is compared with its original, which costs a few tokens more.
      engine.share(branches("Grace counts her cats."));

      long before = server.promptTokensEvaluated();
      Completion trunk = engine.share(branches("Ada buys lemons and pens, again and again."));
      List<Completion> together =
          all(engine, branches("Ada buys lemons and pens, again and again."));
      long evaluated = server.promptTokensEvaluated() - before;

      int common = trunk.usage().prompt();
      assertThat(common).isGreaterThan(100);
      assertThat(together)
          .hasSize(3)
          .allSatisfy(branch -> assertThat(branch.usage().cached()).isEqualTo(common));
      int tails = together.stream().mapToInt(it -> it.usage().prompt() - common).sum();
      assertThat(evaluated).isEqualTo(common - trunk.usage().cached() + tails);
    }
  }

  @Test
  void withoutAFolderForSlotsEachBranchEvaluatesItsOwn() throws Exception {
    try (LocalServer server = LocalServer.with(4);
        Engine engine = resilient(server)) {
      boolean claimed = engine.capabilities().offer(Capability.SHARED_PREFIX);

      Completion trunk = engine.share(branches("Ada buys lemons and pens."));
      List<Completion> together = all(engine, branches("Ada buys lemons and pens."));

      assertThat(claimed).isFalse();
      assertThat(trunk).isNull();
      assertThat(together).hasSize(3).allMatch(it -> it.usage().cached() == 0);
    }
  }

  /// Left to itself, a server takes the slot that looks most alike for each of these requests.
  @Test
  void thoughtsThatTakeTurnsEachFindTheirSlotAsTheyLeftIt() throws Exception {
    try (LocalServer server = LocalServer.with(3);
        LlamaServerEngine engine = server.engine()) {
      List<GenerationRequest> thoughts = branches("Ada buys lemons and pens.");
      List<Kept.Part> parts =
          thoughts.stream().map(thought -> Kept.part(engine, thought, 10)).toList();

      for (int i = thoughts.size() - 1; i >= 0; i--) {
        GenerationRequest rest = thoughts.get(i).continuing(parts.get(i).written(), 10);
        Completion end = Kept.part(engine, rest, 20).end();

        assertThat(end.usage().cached()).isEqualTo(end.usage().prompt() - 1);
      }
    }
  }

  private static Engine resilient(LocalServer server) {
    return new ResilientEngine(
        server.engine(), ResilienceSettings.defaults(), InstantSource.system());
  }

  private static List<GenerationRequest> branches(String fact) {
    return Stream.of(1, 2, 3)
        .map(
            number ->
                new GenerationRequest(
                    new Conversation(
                        null,
                        (fact + " ").repeat(20) + "You are number %d of 3.".formatted(number)),
                    Written.NOTHING,
                    new Sampling(0.7, 0.95, 20, 0, 0, 1),
                    number,
                    40,
                    Deadline.in(Duration.ofMinutes(5), InstantSource.system()),
                    "job/" + number))
        .toList();
  }

  private static List<Completion> all(Engine engine, List<GenerationRequest> requests)
      throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Completion>> running =
          requests.stream().map(it -> threads.submit(() -> read(engine.open(it)))).toList();
      List<Completion> ends = new java.util.ArrayList<>();
      for (Future<Completion> each : running) {
        ends.add(each.get(60, TimeUnit.SECONDS));
      }
      return ends;
    }
  }

  private static Completion read(TokenStream stream) {
    try (stream) {
      while (stream.next() != null) {
        // Only its end counts here.
      }
      return stream.completion();
    }
  }
}
