package dev.ponder.cli.output;

import dev.ponder.cli.output.JobView.BranchView;
import dev.ponder.cli.output.JobView.StageView;
import dev.ponder.cli.output.JobView.State;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// For pipes and files: a line when a stage or one of its branches begins or ends, and one for each
/// running branch every few seconds in between.
public final class PlainProgress implements Progress {

  private static final Duration EVERY = Duration.ofSeconds(5);

  private final PrintWriter out;
  private final InstantSource time;
  private final Map<String, State> seen = new HashMap<>();
  private @Nullable String status;
  private Instant saidAt;
  private long tokensSaid;
  private boolean waiting;
  private boolean closed;

  public PlainProgress(PrintWriter out, InstantSource time) {
    this.out = out;
    this.time = time;
    this.saidAt = time.instant();
  }

  @Override
  public synchronized void show(JobView job) {
    if (!job.ended()) {
      status(job);
    }
    waiting(job);
    for (StageView stage : job.stages()) {
      stage(job, stage);
    }
    // What ended the job comes after what it ended with.
    if (job.ended()) {
      status(job);
    }
    boolean due = Duration.between(saidAt, time.instant()).compareTo(EVERY) >= 0;
    if (due && job.tokens() != tokensSaid) {
      job.stages().stream()
          .filter(stage -> stage.state() == State.RUNNING)
          .forEach(stage -> running(job, stage));
    }
  }

  /// Said once for each wait: what its server says may change with each try.
  private void waiting(JobView job) {
    String waits = job.ended() ? null : job.waits(ZoneId.systemDefault());
    if (waits != null && !waiting) {
      say(job, "Job " + job.id() + " " + waits + "." + goesOnByItself(job));
    } else if (waits == null && waiting && !job.ended()) {
      say(job, "Job " + job.id() + " goes on.");
    }
    waiting = waits != null;
  }

  private String goesOnByItself(JobView job) {
    Duration left = job.left(time.instant());
    return left == null ? "" : " It goes on by itself; " + Words.clock(left) + " left.";
  }

  private void status(JobView job) {
    if (!job.status().equals(status)) {
      status = job.status();
      say(job, "Job " + job.id() + " is " + status + ".");
    }
  }

  private void stage(JobView job, StageView stage) {
    State before = seen.put(stage.name(), stage.state());
    if (before != stage.state() && stage.state() == State.RUNNING) {
      say(job, Words.stage(stage.name()) + " began" + timeLeft(job) + ".");
    }
    stage.branches().forEach(branch -> branch(job, stage, branch));
    if (before != stage.state()) {
      ended(job, stage);
    }
  }

  private void branch(JobView job, StageView stage, BranchView branch) {
    State before = seen.put(stage.name() + " " + branch.number(), branch.state());
    boolean several = stage.branches().size() > 1;
    if (several && before != branch.state() && branch.state() == State.DONE) {
      say(
          job,
          name(stage, branch)
              + " finished: "
              + Words.written(branch.tokens(), branch.tokensPerSecond())
              + forced(branch.forcedClose()));
    }
  }

  private void ended(JobView job, StageView stage) {
    String name = Words.stage(stage.name());
    boolean forced = stage.branches().stream().anyMatch(BranchView::forcedClose);
    switch (stage.state()) {
      case DONE ->
          say(
              job,
              name
                  + " finished: "
                  + Words.written(stage.tokens(), stage.tokensPerSecond())
                  + forced(forced && stage.branches().size() < 2));
      case SKIPPED -> say(job, name + " was skipped.");
      case STOPPED -> say(job, name + " stopped at " + Words.tokens(stage.tokens()) + ".");
      case WAITING, RUNNING -> {}
    }
  }

  private void running(JobView job, StageView stage) {
    if (stage.branches().size() < 2) {
      String written = Words.tokens(stage.tokens(), stage.budget());
      say(
          job,
          Words.stage(stage.name()) + ": " + written + speed(job, stage) + timeLeft(job) + ".");
      return;
    }
    for (BranchView branch : stage.branches()) {
      if (branch.state() == State.RUNNING) {
        String written = Words.tokens(branch.tokens(), stage.budget());
        String speed =
            branch.tokensPerSecond() > 0 ? ", " + Words.speed(branch.tokensPerSecond()) : "";
        say(job, name(stage, branch) + ": " + written + speed + timeLeft(job) + ".");
      }
    }
  }

  private static String name(StageView stage, BranchView branch) {
    return Words.stage(stage.name()) + ", " + branch.name();
  }

  private static String speed(JobView job, StageView stage) {
    double speed = Words.speedOf(job, stage);
    return speed > 0 ? ", " + Words.speed(speed) : "";
  }

  private String timeLeft(JobView job) {
    Duration left = job.left(time.instant());
    return left == null ? "" : ", " + Words.clock(left) + " left";
  }

  private static String forced(boolean forced) {
    return forced ? ", closed early." : ".";
  }

  private void say(JobView job, String sentence) {
    saidAt = time.instant();
    tokensSaid = job.tokens();
    note(sentence);
  }

  @Override
  public synchronized void note(String sentence) {
    if (!closed) {
      out.println(sentence);
      out.flush();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
