package dev.ponder.web.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;

/// How many keys that are none came from where, in this minute: so that whoever tries keys is told
/// to wait, and cannot fill a log.
///
/// The memory is fixed. An address has one of some thousand counters, by a hash that nobody can
/// foretell; two that share one share their patience, which costs a good key nothing: it is let in
/// before anybody looks here.
public final class RefusedKeys {

  /// Wrong keys from an address in a minute before it has to wait.
  public static final int PER_MINUTE = 10;

  /// Lines about wrong keys in a minute, all addresses together. At 200 bytes each, that is 17 MB a
  /// day in the worst case.
  static final int LINES_PER_MINUTE = 60;

  private static final int COUNTERS = 4096;
  private static final int MINUTE = 60;
  private static final int NETWORK_BYTES = 8;

  private final InstantSource time;
  private final int unforeseeable = new SecureRandom().nextInt();
  private final AtomicReference<Minute> current = new AtomicReference<>(Minute.at(Long.MIN_VALUE));

  public RefusedKeys(InstantSource time) {
    this.time = time;
  }

  /// What to do about a wrong key.
  ///
  /// @param count wrong keys from there in this minute
  /// @param waitSeconds how long to wait, 0 for who may go on
  /// @param listed whether to write a line about it
  /// @param last whether that is the last line in this minute
  public record Verdict(int count, long waitSeconds, boolean listed, boolean last) {}

  private record Minute(long number, AtomicIntegerArray counts, AtomicInteger lines) {
    static Minute at(long number) {
      return new Minute(number, new AtomicIntegerArray(COUNTERS), new AtomicInteger());
    }
  }

  /// Counts one.
  public Verdict count(String address) {
    Instant now = time.instant();
    Minute minute = minute(Math.floorDiv(now.getEpochSecond(), (long) MINUTE));
    int counter = Math.floorMod(hash(address), COUNTERS);
    int count = minute.counts().updateAndGet(counter, n -> n == Integer.MAX_VALUE ? n : n + 1);
    boolean tooMany = count > PER_MINUTE;
    long wait = tooMany ? MINUTE - Math.floorMod(now.getEpochSecond(), (long) MINUTE) : 0;
    // The first one that has to wait is worth a line too; those after it are like it.
    int line = count <= PER_MINUTE + 1 ? minute.lines().incrementAndGet() : LINES_PER_MINUTE + 1;
    return new Verdict(count, wait, line <= LINES_PER_MINUTE, line == LINES_PER_MINUTE);
  }

  /// Also when the clock was put back.
  private Minute minute(long number) {
    Minute now = current.get();
    if (now.number() == number) {
      return now;
    }
    Minute next = Minute.at(number);
    return current.compareAndSet(now, next) ? next : current.get();
  }

  private int hash(String address) {
    int hash = unforeseeable;
    for (byte part : network(address)) {
      hash = Integer.rotateLeft(hash ^ part, 5) * 0x9E3779B1;
    }
    return hash ^ (hash >>> 15);
  }

  /// One that has an IPv6 address has 2^64 of them.
  private static byte[] network(String address) {
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      byte[] bytes = parsed.getAddress();
      return parsed instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes;
    } catch (IllegalArgumentException noAddress) {
      return address.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
