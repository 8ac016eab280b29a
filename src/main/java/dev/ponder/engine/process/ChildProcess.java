package dev.ponder.engine.process;

import dev.ponder.files.PrivateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// A child process with a private folder, from its start to its end: it is watched, its last words
/// are kept for the message that says how it ended, and its folder goes when it does.
///
/// A child ends when its standard input does, so that it never outlives Ponder.
public abstract class ChildProcess implements ServerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);

  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  /// What a child said last may still be on its way when it has ended.
  private static final Duration HEARD_OUT = Duration.ofMillis(500);

  private final String noun;
  private final String model;
  private final Duration endLimit;
  private final Process process;
  private final PrivateFolder folder;
  private final long startedAt = System.nanoTime();
  private final LastWords words;
  private final Thread listener;
  private volatile @Nullable String endedBecause;
  private volatile boolean asked;

  /// Starts a program that may use a folder of its own.
  protected interface Start<P> {
    P in(PrivateFolder folder) throws IOException;
  }

  /// Starts a child; the folder goes if that fails.
  ///
  /// @param noun what the child is called
  /// @param parent of its folder; null is the system's
  protected static <P extends ChildProcess> P start(
      String noun, @Nullable Path parent, Start<P> start) throws IOException {
    PrivateFolder folder = PrivateFolder.create(parent, noun);
    try {
      P child = start.in(folder);
      ChildProcess started = child;
      started.listener.start();
      started.daemon("watch", started::watch).start();
      return child;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /// @param linesKept of its error output, for messages
  /// @param endLimit how long it may take to end after [#askToEnd] before it is killed
  protected ChildProcess(
      String noun,
      String model,
      int linesKept,
      Duration endLimit,
      Process process,
      PrivateFolder folder) {
    this.noun = noun;
    this.model = model;
    this.endLimit = endLimit;
    this.process = process;
    this.folder = folder;
    this.words = new LastWords("The %s of model %s".formatted(noun, model), linesKept);
    this.listener = daemon("err", () -> LastWords.eachLine(process.getErrorStream(), words::add));
  }

  /// Ends its standard input.
  protected abstract void askToEnd();

  /// Comes about once a second as long as it lives.
  protected void heartbeat() throws InterruptedException {}

  /// It has ended.
  protected void ended() {}

  protected final Thread daemon(String what, Runnable task) {
    return Thread.ofPlatform()
        .daemon()
        .name("%s-%s-%s".formatted(noun, model, what))
        .unstarted(task);
  }

  private void watch() {
    try {
      while (!process.waitFor(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        heartbeat();
      }
      // A shell may have ended alone; this tells its guard to end the rest.
      askToEnd();
      listener.join(HEARD_OUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    folder.close();
    ended();
    // A child that ended because it was asked to is no news.
    boolean news = !asked && (process.isAlive() || process.exitValue() != 0);
    LOG.atLevel(news ? Level.INFO : Level.DEBUG).log("{}", fate());
  }

  protected final String model() {
    return model;
  }

  protected final LastWords words() {
    return words;
  }

  /// The private folder of the child.
  public final Path folder() {
    return folder.path();
  }

  /// Whether Ponder ended it.
  protected final boolean endedByUs() {
    return endedBecause != null;
  }

  /// Of a child that has ended.
  protected final int status() {
    return process.exitValue();
  }

  @Override
  public final boolean alive() {
    return process.isAlive();
  }

  @Override
  public final boolean endsWithin(Duration limit) {
    try {
      boolean over = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (over) {
        listener.join(HEARD_OUT);
      }
      return over;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public final Duration age() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }

  @Override
  public final String fate() {
    String why = endedBecause;
    String end =
        why != null
            ? "was ended because " + why
            : process.isAlive() ? "is running" : "ended with status " + process.exitValue();
    return "The %s of model %s (process %d) %s.%s".formatted(noun, model, pid(), end, words);
  }

  @Override
  public final void kill(String because) {
    if (process.isAlive()) {
      endedBecause = because;
      ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Override
  public final void end() {
    asked = true;
    endedBecause = endedBecause == null && process.isAlive() ? "it was asked to" : endedBecause;
    askToEnd();
    if (!endsWithin(endLimit)) {
      kill("it did not end within %,d ms".formatted(endLimit.toMillis()));
      endsWithin(endLimit);
    }
    folder.close();
  }
}
