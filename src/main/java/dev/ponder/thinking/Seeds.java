package dev.ponder.thinking;

import dev.ponder.memory.ThoughtKey;

/// Derives the seed of a thought from the job's, so that each branch goes its own way and the same
/// job goes the same ways again.
final class Seeds {

  private Seeds() {}

  /// From 0 to 2^31 - 1, the range that every engine takes. Mixed with the finalizer of SplitMix64
  /// (Steele, Lea and Flood, 2014).
  static long of(long seed, ThoughtKey key) {
    long z = seed * 31 + key.stage().ordinal();
    z = z * 31 + key.visit();
    z = z * 31 + key.branch();
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    z = z ^ (z >>> 31);
    return z & Integer.MAX_VALUE;
  }
}
