package dev.ponder.model;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// How much memory this machine, or the container around us, can still give.
///
/// Linux counts what it can take back from its file cache as available (`MemAvailable`); a
/// container's own limit may leave less (cgroup v2: `memory.max`, `memory.current`, of which
/// `inactive_file` can be taken back). Elsewhere it is what the operating system calls free.
final class MachineMemory {

  private final Path root;

  MachineMemory(Path root) {
    this.root = root;
  }

  static MachineMemory ofThisMachine() {
    return new MachineMemory(Path.of("/"));
  }

  long available() {
    long machine =
        line("proc/meminfo", "MemAvailable:").stream()
            .map(kilobytes -> kilobytes * 1024)
            .findFirst()
            .orElse(system().getFreeMemorySize());
    OptionalLong limit = number("sys/fs/cgroup/memory.max");
    OptionalLong used = number("sys/fs/cgroup/memory.current");
    if (limit.isEmpty() || used.isEmpty()) {
      return machine;
    }
    long cached =
        line("sys/fs/cgroup/memory.stat", "inactive_file").stream().findFirst().orElse(0L);
    return Math.min(machine, Math.max(0, limit.getAsLong() - used.getAsLong() + cached));
  }

  private static OperatingSystemMXBean system() {
    return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }

  private List<Long> line(String file, String key) {
    try {
      return Files.readAllLines(root.resolve(file)).stream()
          .map(line -> line.strip().split("\\s+"))
          .filter(words -> words.length > 1 && words[0].equals(key) && words[1].matches("\\d+"))
          .map(words -> Long.valueOf(words[1]))
          .toList();
    } catch (IOException notHere) {
      return List.of();
    }
  }

  /// A file with one number; `max` stands for no limit.
  private OptionalLong number(String file) {
    try {
      String text = Files.readString(root.resolve(file)).strip();
      return text.matches("\\d{1,18}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    } catch (IOException notHere) {
      return OptionalLong.empty();
    }
  }
}
