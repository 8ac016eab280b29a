package dev.ponder.housekeeping;

import dev.ponder.engine.EngineException;
import dev.ponder.job.JobProblem;
import dev.ponder.journal.Fault;
import dev.ponder.journal.archive.Archive;
import dev.ponder.journal.archive.ArchiveSettings;
import dev.ponder.journal.archive.SweepMark;
import dev.ponder.journal.archive.SweptThoughts;
import dev.ponder.journal.storage.StorageRoom;
import dev.ponder.memory.Compression;
import dev.ponder.memory.Compressor;
import dev.ponder.memory.Thought;
import dev.ponder.model.Models;
import dev.ponder.routing.ActiveModels;
import dev.ponder.routing.PinnedPipelines;
import dev.ponder.time.Deadline;
import dev.ponder.time.Threads;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// Has the thoughts of stages that are over compressed, and archives jobs that have been over for
/// long; neither waits for the other. What an error breaks off is left as it is, and the sweep goes
/// on with the next. One node of the cluster does it at a time; should two ever do it at once,
/// because one was frozen and wakes, each thought and each job is still changed once, in one
/// transaction. So a sweep can also end anywhere, and the next goes on from there.
@Component
public class MemorySweep {

  private static final Logger log = LoggerFactory.getLogger(MemorySweep.class);

  /// Read at a time; how many a sweep takes is in the settings.
  private static final int BATCH = 50;

  /// After so many thoughts in one sweep that could not be compressed for an error it is more than
  /// the thoughts.
  private static final int MOST_BROKEN = 20;

  private final SweptThoughts thoughts;
  private final Archive archive;
  private final StorageRoom room;
  private final PinnedPipelines pipelines;
  private final SweepCompressor compressor;
  private final Models models;
  private final ActiveModels active;
  private final SweepSettings settings;
  private final ArchiveSettings archiveSettings;
  private final Threads threads;
  private final InstantSource time;
  private final MeterRegistry meters;
  private final SweepHealth health;
  private volatile boolean stopped;

  public MemorySweep(
      SweptThoughts thoughts,
      Archive archive,
      StorageRoom room,
      PinnedPipelines pipelines,
      SweepCompressor compressor,
      Models models,
      ActiveModels active,
      SweepSettings settings,
      ArchiveSettings archiveSettings,
      Threads threads,
      InstantSource time,
      MeterRegistry meters,
      SweepHealth health) {
    this.thoughts = thoughts;
    this.archive = archive;
    this.room = room;
    this.pipelines = pipelines;
    this.compressor = compressor;
    this.models = models;
    this.active = active;
    this.settings = settings;
    this.archiveSettings = archiveSettings;
    this.threads = threads;
    this.time = time;
    this.meters = meters;
    this.health = health;
  }

  /// What one sweep has done.
  public record Swept(int compressed, int leftAsTheyAre, int archived) {}

  /// Both halves of a sweep, the second whatever became of the first.
  public Swept sweep() {
    var compressing = new Compressing();
    int archived;
    try {
      compress(compressing);
    } finally {
      archived = archive();
    }
    return new Swept(compressing.compressed, compressing.left, archived);
  }

  /// Compresses what is due, from where the last sweep ended to its limits.
  public void compress() {
    compress(new Compressing());
  }

  private void compress(Compressing compressing) {
    reported(
        SweepHealth.Part.COMPRESSING,
        () -> {
          if (settings.sweepCompresses()) {
            compressing.all();
          }
        });
    if (compressing.compressed > 0) {
      log.info(
          "Memory sweep: {} thoughts compressed, {} left as they are",
          compressing.compressed,
          compressing.left);
    }
  }

  /// Archives what is due: jobs that have been over for long, and while the storage is scarce any
  /// that are over, oldest first. Needs no model, and waits for none.
  public int archive() {
    var archived = new AtomicInteger();
    reported(SweepHealth.Part.ARCHIVING, () -> archiveDue(archived));
    if (archived.get() > 0) {
      log.info("Memory sweep: {} jobs archived", archived.get());
    }
    return archived.get();
  }

  private void reported(SweepHealth.Part part, Runnable half) {
    try {
      half.run();
    } catch (Throwable failure) {
      if (!stopped) {
        health.failed(part, failure);
      }
      throw failure;
    }
    health.succeeded(part);
  }

  /// The service stops: a sweep that is under way ends with the token it waits for.
  @EventListener(ContextClosedEvent.class)
  void stop() {
    stopped = true;
  }

  /// The part of a sweep that needs models.
  private final class Compressing {
    private final SweepThrottle courtesy =
        new SweepThrottle(settings.sweepShare(), threads, active::hasJobs, () -> stopped);
    private final Compressor asking =
        compressor.with(new ThrottledModels(models, courtesy, threads, time));
    private final long end = threads.nanos() + settings.sweepTime().toNanos();
    private final Set<String> away = new HashSet<>();
    private int looked;
    private long tokens;
    private int compressed;
    private int left;
    private int broken;

    void all() {
      long last = 0;
      List<SweptThoughts.Due> batch = thoughts.due(last, away, BATCH);
      while (!batch.isEmpty() && hasRoom()) {
        for (SweptThoughts.Due due : batch) {
          last = due.id();
          if (hasRoom() && isThere(due.model())) {
            one(due);
          }
        }
        batch = thoughts.due(last, away, BATCH);
      }
    }

    private boolean hasRoom() {
      return !stopped
          && looked < settings.sweepThoughts()
          && tokens < settings.sweepTokens()
          && threads.nanos() < end;
    }

    /// A model that cannot be used now is not asked again in this sweep, and its thoughts keep
    /// their turn.
    private boolean isThere(String model) {
      if (away.contains(model)) {
        return false;
      }
      try {
        models.engine(model).capabilities();
        return true;
      } catch (EngineException cannot) {
        log.debug("Thoughts of '{}' are compressed later: {}", model, cannot.logged());
        away.add(model);
        return false;
      } catch (RuntimeException mistake) {
        log.warn("Thoughts of '{}' are not compressed: {}", model, Fault.named(mistake));
        away.add(model);
        return false;
      }
    }

    private void one(SweptThoughts.Due due) {
      try {
        Optional<Thought> thought = thoughts.original(due.job(), due.key());
        if (thought.isPresent()) {
          count(outcome(due, thought.get()));
        }
      } catch (JobProblem.Damaged damaged) {
        log.error("Not compressed: {}", damaged.getMessage());
        thoughts.leave(due, new SweepMark(SweepMark.What.REJECTED, damaged.getMessage()));
        count("damaged");
      } catch (Throwable failure) {
        if (!Fault.isOfOne(failure)) {
          throw failure;
        }
        broken(due, failure);
      }
    }

    /// The next sweep does not stumble over the same thought.
    private void broken(SweptThoughts.Due due, Throwable failure) {
      String named = Fault.named(failure);
      log.error("Thought {} of job {} stays as it is: {}", due.key().id(), due.job(), named);
      leave(due, SweepMark.What.REJECTED, "an error broke its compression off: " + named);
      count("broken");
      if (++broken >= MOST_BROKEN) {
        throw new IllegalStateException(
            "Compressing ends for this sweep: errors broke off %d thoughts (the limit), the last with %s. The next sweep goes on behind them."
                .formatted(broken, named));
      }
    }

    private String outcome(SweptThoughts.Due due, Thought thought) {
      looked++;
      tokens += due.tokens();
      var deadline = new Deadline(time.instant().plus(settings.thoughtTime()));
      var material =
          Compressor.Material.of(
              due.model(), pipelines.pinned(due.pipelineHash()), thought, deadline);
      return switch (asking.compress(material)) {
        case Compression.Accepted accepted -> {
          boolean taken =
              thoughts.compress(due, thought, accepted.insights(), accepted.tokensAfter());
          compressed += taken ? 1 : 0;
          yield "compressed";
        }
        case Compression.Rejected rejected ->
            leave(
                due,
                SweepMark.What.REJECTED,
                "no summary passed the check: " + String.join("; ", rejected.objections()));
        case Compression.Unneeded unneeded ->
            leave(due, SweepMark.What.UNNEEDED, unneeded.because());
        case Compression.Postponed postponed -> {
          log.debug("Thoughts of '{}' are compressed later: {}", due.model(), postponed.because());
          away.add(due.model());
          yield "postponed";
        }
      };
    }

    private String leave(SweptThoughts.Due due, SweepMark.What what, String because) {
      thoughts.leave(due, new SweepMark(what, because));
      left++;
      return what.name().toLowerCase();
    }
  }

  private void count(String outcome) {
    Counter.builder("ponder.memory.swept")
        .description("Thoughts that the sweep has looked at, by what became of them")
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }

  private void archiveDue(AtomicInteger archived) {
    long end = threads.nanos() + settings.sweepTime().toNanos();
    Archive.Due last = Archive.Due.FIRST;
    boolean more = true;
    while (more
        && !stopped
        && archived.get() < archiveSettings.perSweep()
        && threads.nanos() < end) {
      Instant now = time.instant();
      Instant before = room.isScarce() ? now : now.minus(archiveSettings.after());
      List<Archive.Due> batch =
          archive.due(before, last, Math.min(BATCH, archiveSettings.perSweep() - archived.get()));
      for (Archive.Due due : batch) {
        archived.addAndGet(archive.isArchived(due) ? 1 : 0);
        last = due;
      }
      more = !batch.isEmpty();
    }
  }
}
