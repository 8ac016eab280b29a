package dev.ponder.bench;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.Engine;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.engine.llamaserver.KvSnapshotSettings;
import dev.ponder.engine.llamaserver.LlamaServerEngine;
import dev.ponder.engine.llamaserver.LlamaServerSettings;
import dev.ponder.engine.llamaserver.LocalServer;
import dev.ponder.engine.llamaserver.ServerConnection;
import dev.ponder.engine.llamaserver.ServerPlace;
import dev.ponder.engine.llamaserver.SnapshotStore;
import dev.ponder.time.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.springframework.util.unit.DataSize;

/// From opening a thought again on a llama-server that was killed and is back, to its first new
/// token: with a snapshot of it and without, turn about.
final class ResumeBench {

  private static final int TURNS = 3;
  private static final int WRITTEN = 8;

  private final Results results;

  ResumeBench(Results results) {
    this.results = results;
  }

  void run(EnginesBench.Trial trial, Path scratch, int[] lengths) throws Exception {
    Path folder = Files.createTempDirectory(scratch, "resume");
    Path slots = Files.createDirectory(folder.resolve("slots"));
    var settings =
        new KvSnapshotSettings(
            true, null, slots, 64, 1, 64, DataSize.ofGigabytes(4), Duration.ofHours(1));
    var store = new SnapshotStore(settings, folder.resolve("kept"), InstantSource.system());
    try (LocalServer server = EnginesBench.server(trial, slots)) {
      for (int length : lengths) {
        measure(trial, server, store, length);
      }
    }
  }

  private void measure(
      EnginesBench.Trial trial, LocalServer server, SnapshotStore store, int length) {
    GenerationRequest begun;
    try (Engine engine = engine(server, ServerPlace.attached(store))) {
      GenerationRequest asked = request(engine, length);
      begun = asked.continuing(beginning(engine.open(asked)), 32);
    }
    var with = new Samples();
    var without = new Samples();
    var ratio = new Samples();
    int cached = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      Reopened kept = reopened(server, ServerPlace.attached(store), begun);
      Reopened plain = reopened(server, ServerPlace.ELSEWHERE, begun);
      cached = kept.cached();
      with.add(kept.millis());
      without.add(plain.millis());
      ratio.add(kept.millis() / plain.millis());
    }
    String name = "%s, resume of %d tokens, ms: ".formatted(trial.name(), length + WRITTEN);
    String how = "median of %d, turn about".formatted(TURNS);
    String found = "; %d tokens found, as the server says".formatted(cached);
    results.add(name + "evaluated again", Results.number(without.median()), "", how);
    results.add(name + "from a snapshot", Results.number(with.median()), "", how + found);
    results.add("  ratio", Results.number(ratio.median()), "", SpeedBench.spread(ratio));
  }

  private static LlamaServerEngine engine(LocalServer server, ServerPlace place) {
    return new LlamaServerEngine(
        ServerConnection.to("model", server.url(), null).at(place),
        LlamaServerSettings.defaults(),
        InstantSource.system());
  }

  private record Reopened(double millis, int cached) {}

  private static Reopened reopened(
      LocalServer server, ServerPlace place, GenerationRequest request) {
    server.kill();
    server.start();
    try (Engine engine = engine(server, place)) {
      engine.capabilities();
      long start = System.nanoTime();
      try (TokenStream stream = engine.open(request)) {
        stream.next();
        double millis = (System.nanoTime() - start) / 1e6;
        while (stream.next() != null) {
          // To its end, which says what was found.
        }
        return new Reopened(millis, stream.completion().usage().cached());
      }
    }
  }

  private static GenerationRequest request(Engine engine, int length) {
    String sentence = "Ada buys lemons and pens. ";
    int each = engine.countTokens(sentence.repeat(20)) - engine.countTokens(sentence.repeat(10));
    return new GenerationRequest(
        new Conversation(null, sentence.repeat(length * 10 / each)),
        Written.NOTHING,
        new Sampling(0, 1, 0, 0, 0, 1),
        7,
        WRITTEN,
        Deadline.in(Duration.ofMinutes(10), InstantSource.system()),
        "bench/" + length);
  }

  private static Written beginning(TokenStream stream) {
    var text = new StringBuilder();
    var ids = IntStream.builder();
    try (stream) {
      for (Piece piece = stream.next(); piece != null; piece = stream.next()) {
        text.append(piece.text());
        Arrays.stream(piece.ids()).forEach(ids);
      }
    }
    return new Written(text.toString(), ids.build().toArray());
  }
}
