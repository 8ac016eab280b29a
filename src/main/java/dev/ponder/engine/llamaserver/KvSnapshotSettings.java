package dev.ponder.engine.llamaserver;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Whether what a llama-server has evaluated of a thought is kept in files, so that the thought
/// goes on without being evaluated again when the server was lost. Off unless asked for: it saves
/// time only, and builds of llama-server are reported to damage what they save.
///
/// @param enabled off means that no such file is ever written, and those left over are deleted
/// @param folder where the files are kept, of this service alone; left out, a folder in its data
/// @param serverFolder the folder that attached servers on this machine were started with
///     (`--slot-save-path`); left out, nothing of attached servers is kept
/// @param everyTokens a thought is saved each time it has grown by so many tokens, prompt included
/// @param shareMax the part of the time of a server that saving may take, above 0 and at most 1
/// @param filesMax thoughts that are kept at most, the latest ones
/// @param bytesMax room that these files take at most
/// @param keepFor a file that is older is deleted
@ConfigurationProperties("ponder.engine.kv-snapshots")
public record KvSnapshotSettings(
    @DefaultValue("false") boolean enabled,
    @Nullable Path folder,
    @Nullable Path serverFolder,
    @DefaultValue("1024") int everyTokens,
    @DefaultValue("0.05") double shareMax,
    @DefaultValue("64") int filesMax,
    @DefaultValue("20GB") DataSize bytesMax,
    @DefaultValue("24h") Duration keepFor) {

  /// Fewer tokens are evaluated as fast as they are read.
  private static final int EVERY_MIN = 16;

  private static final int FILES_LIMIT = 10_000;

  public KvSnapshotSettings {
    if (everyTokens < EVERY_MIN) {
      throw wrong("every-tokens", everyTokens, "at least " + EVERY_MIN);
    }
    if (!(shareMax > 0 && shareMax <= 1)) {
      throw wrong("share-max", shareMax, "above 0 and at most 1");
    }
    if (filesMax < 1 || filesMax > FILES_LIMIT) {
      throw wrong("files-max", filesMax, "between 1 and " + FILES_LIMIT);
    }
    if (bytesMax.toBytes() < 1) {
      throw wrong("bytes-max", bytesMax, "at least one byte");
    }
    if (keepFor.isNegative() || keepFor.isZero()) {
      throw wrong("keep-for", keepFor, "longer than nothing");
    }
  }

  private static IllegalArgumentException wrong(String name, Object found, String accepted) {
    return new IllegalArgumentException(
        "ponder.engine.kv-snapshots.%s is %s and has to be %s".formatted(name, found, accepted));
  }

  /// What holds where nothing is configured.
  public static KvSnapshotSettings defaults() {
    return new KvSnapshotSettings(
        false, null, null, 1024, 0.05, 64, DataSize.ofGigabytes(20), Duration.ofHours(24));
  }
}
