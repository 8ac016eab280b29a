package dev.ponder.engine.llamaserver;

import dev.ponder.engine.Completion;
import dev.ponder.engine.Conversation;
import dev.ponder.engine.Engine;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Piece;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.TokenStream;
import dev.ponder.engine.Written;
import dev.ponder.time.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/// Thoughts whose snapshots are kept, as tests of them need it.
final class Kept {
  static final int EVERY = 16;

  /// What the embedded model says to it ends by itself after about a hundred tokens.
  private static final Conversation QUESTION =
      new Conversation(
          "Stage: analysis. State the facts, the question and a plan.",
          "Ada buys 3 lemons at 4 coins each and 5 pens at 7 coins each. Ada pays with 60 coins. "
              + "How much change does Ada get?");

  private Kept() {}

  /// A part of a text, or all of it.
  record Part(List<Piece> pieces, Completion end) {
    String text() {
      return pieces.stream().map(Piece::text).collect(Collectors.joining());
    }

    Written written() {
      return new Written(
          text(), pieces.stream().flatMapToInt(it -> Arrays.stream(it.ids())).toArray());
    }

    int cached() {
      return end.usage().cached();
    }
  }

  static SnapshotStore store(Path folder, Path serverFolder) {
    return new SnapshotStore(settings(true, serverFolder, 64), folder, InstantSource.system());
  }

  /// They may be saved at any time, so that no test depends on how long that takes.
  static KvSnapshotSettings settings(boolean enabled, Path serverFolder, int files) {
    return new KvSnapshotSettings(
        enabled, null, serverFolder, EVERY, 1, files, DataSize.ofGigabytes(1), Duration.ofHours(1));
  }

  static GenerationRequest greedy(Written written) {
    return request(written, new Sampling(0, 1, 0, 0, 0, 1), "job/1");
  }

  static GenerationRequest request(Written written, Sampling sampling, String affinity) {
    return new GenerationRequest(
        QUESTION,
        written,
        sampling,
        1,
        512,
        Deadline.in(Duration.ofMinutes(5), InstantSource.system()),
        affinity);
  }

  static Part whole(Engine engine, Written before) {
    return read(engine, greedy(before));
  }

  static Part read(Engine engine, GenerationRequest request) {
    return part(engine, request, Integer.MAX_VALUE);
  }

  /// Reads so many pieces and ends the stream.
  static Part part(Engine engine, GenerationRequest request, int most) {
    List<Piece> pieces = new ArrayList<>();
    try (TokenStream stream = engine.open(request)) {
      Piece piece = null;
      while (pieces.size() < most && (piece = stream.next()) != null) {
        pieces.add(piece);
      }
      while (pieces.size() == most && piece != null) {
        stream.close();
        piece = stream.next();
      }
      return new Part(pieces, stream.completion());
    }
  }

  /// The files in a folder whose names end so.
  static List<Path> files(Path folder, String ending) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(it -> it.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The embedded model with other weights: another model of the same shape.
  static Path otherModel(Path target) throws IOException {
    byte[] bytes = Files.readAllBytes(LocalServer.MINI);
    for (int at = bytes.length / 2; at < bytes.length; at += 997) {
      bytes[at] ^= 1;
    }
    return Files.write(target, bytes);
  }
}
