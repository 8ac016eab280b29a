package dev.ponder.bench;

import dev.ponder.job.JobCommands;
import dev.ponder.journal.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/// How large the H2 file is after a burst of submissions, and how large it stays when they are over
/// and nobody thinks.
final class FileBench {

  private static final int BYTES = 30_000_000;
  private static final int PROMPT = 10_000;

  /// Housekeeping looks every minute.
  private static final int IDLE_SECONDS = 240;

  private static final int EVERY_SECONDS = 30;

  private final Results results;

  FileBench(Results results) {
    this.results = results;
  }

  void run(Path scratch) throws Exception {
    Path data = scratch.resolve("file");
    Path file = data.resolve("ponder.mv.db");
    try (var service =
        new BenchService(data, new InstantEngine(10), "ponder.jobs.waiting-max=10000")) {
      var random = new Random(7);
      List<UUID> jobs = new ArrayList<>();
      for (int sent = 0; sent < BYTES; sent += PROMPT) {
        jobs.add(service.submit(prompt(random), "mini", 7));
      }
      add("MB of the H2 file after 30 MB of submissions", Files.size(file));
      var desk = service.bean(JobCommands.class);
      for (int s = 0; s < IDLE_SECONDS && !desk.find(jobs.getLast()).status().isFinal(); s++) {
        LockSupport.parkNanos(1_000_000_000L);
      }
      add("  when they are answered", Files.size(file));
      for (int s = EVERY_SECONDS; s <= IDLE_SECONDS; s += EVERY_SECONDS) {
        LockSupport.parkNanos(EVERY_SECONDS * 1_000_000_000L);
        add("  after %d idle seconds".formatted(s), Files.size(file));
      }
      add("  MB of content in it", service.bean(Storage.class).total());
    }
    add("  when it is closed", Files.size(file));
  }

  private void add(String name, long bytes) {
    results.add(name, Results.number(bytes / 1e6), "", "3,000 prompts of 10 kB, one at a time");
  }

  private static String prompt(Random random) {
    var text = new StringBuilder(PROMPT + 20);
    while (text.length() < PROMPT) {
      text.append(Long.toString(random.nextLong(), Character.MAX_RADIX)).append(' ');
    }
    return text.substring(0, PROMPT);
  }
}
