package dev.ponder.cli;

import dev.ponder.cli.JobView.BranchView;
import dev.ponder.cli.JobView.StageView;
import dev.ponder.cli.JobView.State;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// For pipes and files: a line when a stage begins or ends, and every few seconds in between.
final class PlainProgress implements Progress {

  private static final Duration EVERY = Duration.ofSeconds(5);

  private final PrintWriter out;
  private final InstantSource time;
  private final Map<String, State> seen = new HashMap<>();
  private @Nullable String status;
  private Instant saidAt;
  private long tokensSaid;
  private boolean closed;

  PlainProgress(PrintWriter out, InstantSource time) {
    this.out = out;
    this.time = time;
    this.saidAt = time.instant();
  }

  @Override
  public synchronized void show(JobView job) {
    if (!job.status().equals(status)) {
      status = job.status();
      say(job, "Job " + job.id() + " is " + status + ".");
    }
    for (StageView stage : job.stages()) {
      State before = seen.put(stage.name(), stage.state());
      if (before != stage.state()) {
        changed(job, stage);
      }
    }
    boolean due = Duration.between(saidAt, time.instant()).compareTo(EVERY) >= 0;
    if (due && job.tokens() != tokensSaid) {
      job.stages().stream()
          .filter(stage -> stage.state() == State.RUNNING)
          .forEach(stage -> say(job, running(job, stage)));
    }
  }

  private void changed(JobView job, StageView stage) {
    String name = Words.stage(stage.name());
    switch (stage.state()) {
      case RUNNING -> say(job, name + " began" + timeLeft(job) + ".");
      case DONE -> say(job, name + " finished: " + Words.tokens(stage.tokens()) + forced(stage));
      case SKIPPED -> say(job, name + " was skipped.");
      case STOPPED -> say(job, name + " stopped at " + Words.tokens(stage.tokens()) + ".");
      case WAITING -> {}
    }
  }

  private String running(JobView job, StageView stage) {
    String branches =
        stage.branches().size() < 2
            ? ""
            : stage.branches().stream()
                .map(branch -> branch.number() + ": " + branch.tokens())
                .collect(Collectors.joining(", ", " (branches ", ")"));
    return Words.stage(stage.name())
        + ": "
        + Words.tokens(stage.tokens(), stage.budgetOfAll())
        + branches
        + ", "
        + Words.speed(Words.speedOf(job, stage))
        + timeLeft(job)
        + ".";
  }

  private String timeLeft(JobView job) {
    Duration left = job.left(time.instant());
    return left == null ? "" : ", " + Words.clock(left) + " left";
  }

  private static String forced(StageView stage) {
    boolean forced = stage.branches().stream().anyMatch(BranchView::forcedClose);
    return forced ? ", closed at its budget." : ".";
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
