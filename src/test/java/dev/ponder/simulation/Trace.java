package dev.ponder.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What happened, in order. Always as a number that two equal histories share; as text if somebody
/// wants to read it.
final class Trace {

  private final boolean kept;
  private final List<String> lines = new ArrayList<>();
  private long hash = 0xcbf29ce484222325L;

  Trace(boolean kept) {
    this.kept = kept;
  }

  void turn(long now, Task task) {
    mix(now);
    mix(task.number);
  }

  void line(long now, String where, String what) {
    mix(now);
    mix(what.hashCode());
    if (kept) {
      lines.add(String.format(Locale.ROOT, "%10.4f %-22s %s", now / 1e9, where, what));
    }
  }

  private void mix(long value) {
    hash = (hash ^ value) * 0x100000001b3L;
    hash ^= hash >>> 29;
  }

  long hash() {
    return hash;
  }

  List<String> lines() {
    return lines;
  }
}
