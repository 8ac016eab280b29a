package dev.ponder.cli.output;

import dev.ponder.cli.output.JobView.BranchView;
import dev.ponder.cli.output.JobView.StageView;
import dev.ponder.cli.output.JobView.State;
import dev.ponder.text.Visible;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// For terminals: a line per stage and branch, drawn again in place. Line wrapping is off while a
/// frame is drawn, so a narrow window cuts lines rather than losing count of them.
public final class TerminalProgress implements Progress {

  private static final String ESC = "\u001b[";
  private static final int BAR = 20;
  private static final String[] SPINNER = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};

  private final PrintWriter out;
  private final InstantSource time;
  private final boolean colour;
  private int drawn;
  private int frame;
  private boolean closed;

  public TerminalProgress(PrintWriter out, InstantSource time, boolean colour) {
    this.out = out;
    this.time = time;
    this.colour = colour;
  }

  @Override
  public synchronized void show(JobView job) {
    if (closed) {
      return;
    }
    frame++;
    List<String> lines = new ArrayList<>();
    lines.add(head(job));
    String waits = job.ended() ? null : job.waits(ZoneId.systemDefault());
    if (waits != null) {
      lines.add("  " + paint(waits, "33"));
    }
    for (StageView stage : job.stages()) {
      lines.add(line(job, stage));
      if (stage.branches().size() > 1) {
        stage.branches().forEach(branch -> lines.add(line(stage, branch)));
      }
    }
    draw(lines);
  }

  private void draw(List<String> lines) {
    StringBuilder text = new StringBuilder(ESC + "?25l" + ESC + "?7l");
    if (drawn > 0) {
      text.append(ESC).append(drawn).append('A');
    }
    lines.forEach(line -> text.append('\r').append(ESC).append("2K").append(line).append('\n'));
    text.append(ESC).append("J").append(ESC).append("?7h").append(ESC).append("?25h");
    out.print(text);
    out.flush();
    drawn = lines.size();
  }

  private String head(JobView job) {
    String model = Words.line(Json.text(job.json(), "model", ""));
    Duration left = job.left(time.instant());
    return "Job "
        + job.id()
        + (model.isEmpty() ? "" : " on " + model)
        + ": "
        + paint(job.status(), job.status().equals("running") ? "36" : "1")
        + ", "
        + Math.round(job.percent())
        + "%"
        + (left == null ? "" : ", " + Words.clock(left) + " left");
  }

  private String line(JobView job, StageView stage) {
    double speed =
        stage.state() == State.RUNNING ? Words.speedOf(job, stage) : stage.tokensPerSecond();
    boolean forced = stage.branches().stream().anyMatch(BranchView::forcedClose);
    return text(
        "  ",
        Words.stage(stage.name()),
        stage.state(),
        stage.tokens(),
        stage.budgetOfAll(),
        speed,
        forced && stage.branches().size() < 2);
  }

  private String line(StageView stage, BranchView branch) {
    return text(
        "    ",
        branch.name(),
        branch.state(),
        branch.tokens(),
        stage.budget(),
        branch.tokensPerSecond(),
        branch.forcedClose());
  }

  private String text(
      String indent,
      String name,
      State state,
      long tokens,
      long budget,
      double speed,
      boolean forced) {
    String line =
        String.format(
            Locale.ROOT, "%s%s %-" + (24 - indent.length()) + "s", indent, mark(state), name);
    if (state == State.WAITING && tokens == 0) {
      return paint(line, "2");
    }
    return line
        + bar(state, tokens, budget)
        + String.format(Locale.ROOT, " %14s", Words.tokens(tokens))
        + (speed > 0 ? String.format(Locale.ROOT, " %16s", Words.speed(speed)) : "")
        + (state == State.SKIPPED ? "  skipped" : "")
        + (forced ? "  closed early" : "");
  }

  private String mark(State state) {
    return switch (state) {
      case WAITING -> "·";
      case RUNNING -> paint(SPINNER[frame % SPINNER.length], "36");
      case DONE -> paint("✓", "32");
      case SKIPPED -> "–";
      case STOPPED -> paint("!", "33");
    };
  }

  private String bar(State state, long tokens, long budget) {
    double part = budget > 0 ? Math.clamp((double) tokens / budget, 0.0, 1.0) : 0;
    int full = state == State.RUNNING || part > 0 ? (int) Math.ceil(part * BAR) : 0;
    return paint("█".repeat(full), state == State.DONE ? "32" : "36")
        + paint("░".repeat(BAR - full), "2");
  }

  private String paint(String text, String code) {
    return colour && !text.isEmpty() ? ESC + code + "m" + text + ESC + "0m" : text;
  }

  @Override
  public synchronized void note(String sentence) {
    if (!closed) {
      out.print("\r" + ESC + "J" + Visible.text(sentence) + "\n");
      out.flush();
      drawn = 0;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
