package dev.ponder.bench;

import dev.ponder.job.Job;
import dev.ponder.job.JobCommands;
import dev.ponder.journal.Journals;
import dev.ponder.memory.Thought;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.JdbcTemplate;

/// Bytes on disk for a byte of thought: what the closed database has grown by, and what it grows to
/// while thoughts run.
final class StorageBench {

  private static final int JOBS = 6;

  private final Results results;

  StorageBench(Results results) {
    this.results = results;
  }

  private record Stored(long text, long closed, long peak) {
    double perByte() {
      return (double) closed / text;
    }
  }

  void run(Path scratch) throws IOException {
    Stored one = store(scratch.resolve("store-1"), 1500);
    Stored two = store(scratch.resolve("store-2"), 3000);
    Stored four = store(scratch.resolve("store-4"), 6000);
    add(one, 1500);
    add(two, 3000);
    add(four, 6000);
    results.add(
        "bytes for another byte of thought",
        Results.number((double) (four.closed() - two.closed()) / (four.text() - two.text())),
        "<= 2",
        "from 3000 to 6000 tokens");
  }

  private void add(Stored stored, int tokens) {
    String how =
        "%d jobs with 7 thoughts of %d tokens, %,d bytes of text; whole file, compacted"
            .formatted(JOBS, tokens, stored.text());
    results.add(
        "bytes stored per byte of thought, %d tokens".formatted(tokens),
        Results.number(stored.perByte()),
        "<= 2",
        how);
    results.add(
        "  at its peak while running, per byte of thought",
        Results.number((double) stored.peak() / stored.text()),
        "",
        "file size seen every 5 ms");
  }

  private static Stored store(Path data, int tokens) throws IOException {
    long text = 0;
    long peak = 0;
    try (var service = new BenchService(data, new InstantEngine(tokens))) {
      for (int i = 0; i < JOBS; i++) {
        UUID id = service.submit("How many?", "qwen3-30b-thinking", 7);
        while (!service.bean(JobCommands.class).find(id).status().isFinal()) {
          peak = Math.max(peak, size(data));
          LockSupport.parkNanos(5_000_000);
        }
        Job job = service.answered(id);
        for (Thought thought : service.bean(Journals.class).thoughts(job.id())) {
          text += thought.text().getBytes(StandardCharsets.UTF_8).length;
        }
      }
      service.bean(JdbcTemplate.class).execute("shutdown compact");
    }
    return new Stored(text, size(data), peak);
  }

  private static long size(Path data) {
    try (var files = Files.list(data)) {
      return files
          .filter(file -> file.toString().endsWith(".db"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
