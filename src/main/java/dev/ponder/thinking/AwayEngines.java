package dev.ponder.thinking;

import dev.ponder.model.Models;
import dev.ponder.time.Threads;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Who waits for which engine, and when it is worth a try again. While runs wait for a model, one
/// watch asks for all of them how its engine is, and then those of its fallbacks. When one may
/// answer, a single run goes ahead. The others follow when it has text from the engine: a server
/// that says it is well and fails each request gets one now and then, however many wait, and one
/// that is back is not overrun.
@Component
class AwayEngines {

  private static final Logger log = LoggerFactory.getLogger(AwayEngines.class);

  /// Engines that were only restarted are back by then; what is shorter is retried by
  /// [dev.ponder.engine.resilience.ResilientEngine].
  static final Duration FIRST_LOOK = Duration.ofSeconds(1);

  /// The wait between two looks doubles up to this: a server that is down for hours is asked six
  /// times a minute, and one that is back is noticed within ten seconds.
  static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

  /// Each wait is shortened by up to this part of it, so that the nodes do not ask in step.
  private static final double JITTER = 0.2;

  /// How long one that went ahead may be silent before the next follows. It may have a long prompt.
  static final Duration HEAD_START = Duration.ofSeconds(10);

  /// Those who follow come one by one within this time.
  private static final Duration SPREAD = Duration.ofSeconds(1);

  private final Models models;
  private final Threads threads;
  private final MeterRegistry meters;
  private final Map<String, Watch> watches = new HashMap<>();
  private final Map<String, AtomicInteger> waiting = new ConcurrentHashMap<>();
  private final Map<String, Asked> asked = new HashMap<>();

  AwayEngines(Models models, Threads threads, MeterRegistry meters) {
    this.models = models;
    this.threads = threads;
    this.meters = meters;
  }

  /// What a model said when it was asked last.
  private record Asked(long at, boolean mayAnswer) {}

  /// A run that waits. All but its identity is guarded by [AwayEngines].
  final class Turn {

    private final UUID job;
    private final List<String> lineup;
    private final Semaphore bell;
    private final int tries;
    private final long notBefore;
    private boolean called;
    private long goesAt;
    private boolean over;

    private Turn(UUID job, List<String> lineup, Semaphore bell, int tries, Duration atLeast) {
      this.job = job;
      this.lineup = lineup;
      this.bell = bell;
      this.tries = tries;
      this.notBefore = threads.nanos() + atLeast.toNanos();
    }

    private String model() {
      return lineup.getFirst();
    }

    /// How long this one has to wait yet; null while nobody knows.
    @Nullable Duration left() {
      synchronized (AwayEngines.this) {
        return called ? Duration.ofNanos(Math.max(0, goesAt - threads.nanos())) : null;
      }
    }

    /// The engine has written for this one: the others may follow.
    void wrote() {
      end(Watch::isBack);
    }

    /// The engine failed this one again.
    void failed() {
      end(Watch::hasFailed);
    }

    /// This one waits no longer, and can say nothing of the engine.
    void leave() {
      end(Watch::isLeft);
    }

    private void end(java.util.function.BiConsumer<Watch, Turn> how) {
      synchronized (AwayEngines.this) {
        Watch watch = watches.get(model());
        if (!over) {
          over = true;
          count(model()).decrementAndGet();
          if (watch != null) {
            watch.turns.remove(this);
            how.accept(watch, this);
            watch.bell.release();
          }
        }
      }
    }

    private void call(Duration in) {
      called = true;
      goesAt = threads.nanos() + in.toNanos();
      bell.release();
    }
  }

  /// A run waits from now on.
  ///
  /// @param lineup the models that it can use, its own first
  /// @param bell gets a permit when [Turn#left] is worth a look
  /// @param tries how often it has tried in vain since it wrote last
  /// @param atLeast how long it waits in any case
  synchronized Turn await(
      UUID job, List<String> lineup, Semaphore bell, int tries, Duration atLeast) {
    var turn = new Turn(job, lineup, bell, tries, atLeast);
    count(turn.model()).incrementAndGet();
    Watch watch = watches.get(turn.model());
    if (watch == null) {
      watch = new Watch(turn);
      watches.put(turn.model(), watch);
      threads.start("watch-" + turn.model(), watch::look);
    }
    watch.turns.addLast(turn);
    return turn;
  }

  private AtomicInteger count(String model) {
    return waiting.computeIfAbsent(
        model,
        name -> {
          var count = new AtomicInteger();
          Gauge.builder("ponder.runs.waiting", count, AtomicInteger::get)
              .description("Runs that wait for an engine that is away")
              .tag("model", name)
              .register(meters);
          return count;
        });
  }

  /// Looks after one model, for as long as somebody waits.
  private final class Watch {

    private final String model;
    private final Semaphore bell = new Semaphore(0);
    private final Deque<Turn> turns = new ArrayDeque<>();
    private final SplittableRandom random;
    private int failures;
    private long due;

    private Watch(Turn first) {
      this.model = first.model();
      this.random = new SplittableRandom(first.job.getLeastSignificantBits());
      this.due = threads.nanos() + pause(first.tries).toNanos();
    }

    private void look() {
      try {
        Turn next = next();
        while (next != null) {
          boolean mayAnswer = next.lineup.stream().anyMatch(AwayEngines.this::mayAnswer);
          looked(next, mayAnswer);
          next = next();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /// The one who may go first, when it is time to look; null once nobody waits.
    private @Nullable Turn next() throws InterruptedException {
      while (true) {
        Duration left;
        synchronized (AwayEngines.this) {
          Turn first =
              turns.stream().min(Comparator.comparingLong(it -> it.notBefore)).orElse(null);
          if (first == null) {
            watches.remove(model, this);
            return null;
          }
          long at = Math.max(due, first.notBefore);
          left = Duration.ofNanos(Math.max(0, at - threads.nanos()));
          if (left.isZero()) {
            return first;
          }
        }
        threads.acquire(bell, 1, left);
        bell.drainPermits();
      }
    }

    private void looked(Turn first, boolean mayAnswer) {
      synchronized (AwayEngines.this) {
        if (mayAnswer && turns.remove(first)) {
          first.call(Duration.ZERO);
          due = threads.nanos() + HEAD_START.toNanos();
        } else if (!mayAnswer) {
          failures++;
          due = threads.nanos() + pause(failures).toNanos();
        }
      }
    }

    /// All who wait may follow.
    private void isBack(Turn ahead) {
      if (!turns.isEmpty()) {
        log.info("Model '{}' writes again; {} jobs that waited for it go on", model, turns.size());
      }
      failures = 0;
      turns.forEach(turn -> turn.call(part(SPREAD, random.nextDouble())));
      turns.clear();
    }

    private void hasFailed(Turn ahead) {
      failures++;
      due = threads.nanos() + pause(Math.max(failures, ahead.tries + 1)).toNanos();
    }

    private void isLeft(Turn gone) {
      if (gone.called) {
        due = Math.min(due, threads.nanos());
      }
    }

    private Duration pause(int failures) {
      Duration whole = FIRST_LOOK.multipliedBy(1L << Math.min(failures, 10));
      Duration longest = whole.compareTo(LONGEST_LOOK) < 0 ? whole : LONGEST_LOOK;
      return part(longest, 1 - JITTER * random.nextDouble());
    }
  }

  private static Duration part(Duration whole, double part) {
    return Duration.ofNanos((long) (whole.toNanos() * part));
  }

  /// Models share fallbacks: what one watch has just been told holds for the other.
  private boolean mayAnswer(String model) {
    synchronized (this) {
      Asked last = asked.get(model);
      if (last != null && threads.nanos() - last.at() < FIRST_LOOK.toNanos() / 2) {
        return last.mayAnswer();
      }
    }
    boolean may = models.mayAnswer(model);
    synchronized (this) {
      asked.put(model, new Asked(threads.nanos(), may));
    }
    return may;
  }
}
