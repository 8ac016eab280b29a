package dev.ponder.cli.output;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/// For programs: the job as one JSON object a line, whenever it changed.
public final class JsonProgress implements Progress {

  private final PrintWriter out;
  private @Nullable String said;
  private boolean closed;

  public JsonProgress(PrintWriter out) {
    this.out = out;
  }

  @Override
  public synchronized void show(JobView job) {
    String line = Json.line(job.json());
    if (!closed && !line.equals(said)) {
      said = line;
      out.println(line);
      out.flush();
    }
  }

  @Override
  public void note(String sentence) {
    // A line on standard output has to be a job.
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
