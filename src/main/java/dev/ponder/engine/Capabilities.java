package dev.ponder.engine;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What an engine can do with its model. Decisions are made by these, never by an engine's name.
///
/// @param sequences how many generations run at the same time, at least 1
/// @param contextTokens tokens of prompt and answer together that one sequence can hold
public record Capabilities(Set<Capability> offered, int sequences, int contextTokens) {

  public Capabilities {
    EnumSet<Capability> own = EnumSet.noneOf(Capability.class);
    own.addAll(offered);
    offered = Collections.unmodifiableSet(own);
  }

  public static Capabilities of(int sequences, int contextTokens, Capability... offered) {
    return new Capabilities(Set.of(offered), sequences, contextTokens);
  }

  /// Whether it can do this.
  public boolean offer(Capability what) {
    return offered.contains(what);
  }

  /// The same engine with other limits.
  public Capabilities within(int otherSequences, int otherTokens) {
    return new Capabilities(offered, otherSequences, otherTokens);
  }

  /// The same engine, which can do this only where it is said.
  public Capabilities with(Capability what, boolean can) {
    EnumSet<Capability> all = EnumSet.noneOf(Capability.class);
    all.addAll(offered);
    if (can) {
      all.add(what);
    } else {
      all.remove(what);
    }
    return new Capabilities(all, sequences, contextTokens);
  }
}
