package dev.ponder.engine.llamaserver;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/// Whose turn it is to do something that may take no more than a share of the time.
final class SaveSchedule {
  /// Room that a turn leaves before a deadline, in turns.
  private static final int ROOM = 5;

  private final double share;
  private final Set<String> waiting = new LinkedHashSet<>();
  private long notBefore = System.nanoTime();
  private long longest = Duration.ofSeconds(1).toNanos();

  SaveSchedule(double share) {
    this.share = share;
  }

  /// Whether it is one's turn now; if not, one waits for it, behind those who wait already.
  synchronized boolean take(String who) {
    boolean first = waiting.isEmpty() || waiting.iterator().next().equals(who);
    if (first && System.nanoTime() - notBefore >= 0) {
      waiting.remove(who);
      return true;
    }
    waiting.add(who);
    return false;
  }

  /// Whether there is time for a turn several times as long as any before.
  synchronized boolean fits(Duration left) {
    return left.toNanos() / ROOM > longest;
  }

  /// A turn took so long: the next one comes when that is no more than the share.
  synchronized void took(long nanos) {
    longest = Math.max(longest, nanos);
    notBefore = System.nanoTime() + (long) (nanos * (1 / share - 1));
  }

  synchronized void leave(String who) {
    waiting.remove(who);
  }
}
