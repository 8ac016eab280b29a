package dev.ponder.engine.llamaserver;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of a server beside its address.
///
/// @param shared whether somebody else may use it too
/// @param slots the folder it writes slots to, if Ponder can reach it; else nothing of its thoughts
///     is kept
/// @param file of its model; null believes what the server says
/// @param options it was started with that change what the model computes
/// @param store where snapshots of its thoughts are kept
public record ServerPlace(
    boolean shared,
    @Nullable Path slots,
    @Nullable Path file,
    List<String> options,
    @Nullable SnapshotStore store) {

  /// Of a server that somebody else runs, somewhere.
  public static final ServerPlace ELSEWHERE = new ServerPlace(true, null, null, List.of(), null);

  /// Of a server that somebody else runs on this machine, if its folder is configured.
  public static ServerPlace attached(SnapshotStore store) {
    return new ServerPlace(true, store.settings().serverFolder(), null, List.of(), store);
  }
}
