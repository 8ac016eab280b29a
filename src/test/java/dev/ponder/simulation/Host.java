package dev.ponder.simulation;

/// A machine of the simulation: what runs on it dies with it and stands still while it is frozen.
public final class Host {

  private final String name;
  private final long skewNanos;
  private boolean dead;
  private long frozenUntil;
  private long cutOffUntil;

  /// @param skewNanos how much its clock is ahead of the database's
  Host(String name, long skewNanos) {
    this.name = name;
    this.skewNanos = skewNanos;
  }

  public String name() {
    return name;
  }

  long skewNanos() {
    return skewNanos;
  }

  boolean isDead() {
    return dead;
  }

  void die() {
    dead = true;
  }

  long frozenUntil() {
    return frozenUntil;
  }

  void freezeUntil(long nanos) {
    frozenUntil = Math.max(frozenUntil, nanos);
  }

  boolean isCutOff(long now) {
    return now < cutOffUntil;
  }

  /// The database is out of this host's reach.
  void cutOffUntil(long nanos) {
    cutOffUntil = Math.max(cutOffUntil, nanos);
  }

  void mend() {
    frozenUntil = 0;
    cutOffUntil = 0;
  }
}
