package dev.ponder.thinking;

import dev.ponder.housekeeping.MemorySweep;

/// A sweep for those who measure it.
public final class SweepForBench {

  private SweepForBench() {}

  /// What it has done.
  public record Swept(int compressed, int leftAsTheyAre, int archived) {}

  /// The bean that sweeps.
  public static Class<?> beanType() {
    return MemorySweep.class;
  }

  public static Swept sweep(Object bean) {
    MemorySweep.Swept swept = ((MemorySweep) bean).sweep();
    return new Swept(swept.compressed(), swept.leftAsTheyAre(), swept.archived());
  }
}
