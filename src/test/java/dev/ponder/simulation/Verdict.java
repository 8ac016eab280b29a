package dev.ponder.simulation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is said of the rows: in the trace, or against the simulation, which fails.
record Verdict(Baton baton, Trace trace) {

  void say(UUID job, String what) {
    trace.line(
        baton.nanos(),
        Baton.current().toString(),
        "job " + (job.getLeastSignificantBits() & 0xffff) + " " + what);
  }

  void require(boolean so, String what, @Nullable Object... facts) {
    if (!so) {
      var error = new AssertionError(what.formatted(facts));
      baton.fail(error);
      throw error;
    }
  }
}
