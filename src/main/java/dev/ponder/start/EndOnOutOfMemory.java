package dev.ponder.start;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A service whose memory is over ends, with status 3, and is started anew by whoever supervises
/// it. Otherwise one thread dies of it, others catch it and log it, and what is left neither serves
/// nor ends.
///
/// Only an option of the JVM can promise that, because a thread may catch every error. `./ponder`
/// gives it; `java -jar` has no place for it, so there the process becomes the same one again, with
/// the option: same number, same pipes, a fifth of a second later.
public final class EndOnOutOfMemory {
  private static final String OPTION = "-XX:+ExitOnOutOfMemoryError";

  /// Of an option that decides it, either way.
  private static final String NAMED = "OnOutOfMemoryError";

  /// A debugger or an agent would start twice, and find its port taken.
  private static final List<String> AGENTS = List.of("-agent", "-javaagent", "-Xrun", "-Xdebug");

  private EndOnOutOfMemory() {}

  /// Returns if nothing has to be done or nothing can be.
  public static void ensure() {
    try {
      List<String> words = words();
      if (words.stream().anyMatch(word -> word.contains(NAMED)) || isNamedInEnvironment()) {
        return;
      }
      if (words.stream().noneMatch(word -> AGENTS.stream().anyMatch(word::startsWith))) {
        List<String> more = new ArrayList<>(words);
        more.add(1, OPTION);
        become(ProcessHandle.current().info().command().orElse(words.getFirst()), more);
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      // Not on this system; said below.
    }
    System.err.println(
        "The service may go on without working when its memory is over. Start it with java "
            + OPTION
            + " -jar …, or with ./ponder serve.");
  }

  private static boolean isNamedInEnvironment() {
    return (System.getenv("JDK_JAVA_OPTIONS") + System.getenv("JAVA_TOOL_OPTIONS")).contains(NAMED);
  }

  /// The command line that this process was started with, program first.
  private static List<String> words() throws IOException {
    Path own = Path.of("/proc/self/cmdline");
    if (Files.exists(own)) {
      String line = new String(Files.readAllBytes(own), StandardCharsets.UTF_8);
      List<String> words = List.of(line.split("\0", -1));
      return words.subList(0, words.size() - 1);
    }
    ProcessHandle.Info info = ProcessHandle.current().info();
    List<String> words = new ArrayList<>();
    words.add(info.command().orElseThrow(IOException::new));
    words.addAll(List.of(info.arguments().orElseThrow(IOException::new)));
    return words;
  }

  /// Returns only if it fails.
  private static void become(String program, List<String> words) {
    Linker linker = Linker.nativeLinker();
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment list = memory.allocate(ADDRESS, words.size() + 1L);
      for (int i = 0; i < words.size(); i++) {
        list.setAtIndex(ADDRESS, i, memory.allocateFrom(words.get(i)));
      }
      int ignored =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("execv"),
                      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS))
                  .invokeExact(memory.allocateFrom(program), list);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
