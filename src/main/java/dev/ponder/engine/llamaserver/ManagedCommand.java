package dev.ponder.engine.llamaserver;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.process.ChildEnvironment;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// How a llama-server is started: under a shell that ends it when Ponder is gone. A llama-server
/// does not watch its parent, and a process that is killed can clean up nothing.
final class ManagedCommand {

  /// Ends the server and removes its slots when Ponder is gone: its standard input ends then,
  /// however that happens. Says the server's number on standard output.
  private static final String GUARD =
      """
      limit=$1; slots=$2; shift 2
      clean() { rm -f "$slots"/*; rmdir "$slots"; }
      exec 3<&0
      "$@" </dev/null >&2 3<&- &
      server=$!
      (
        while read -r line; do :; done
        kill "$server"
        while [ "$limit" -gt 0 ] && kill -0 "$server"; do sleep 1; limit=$((limit - 1)); done
        kill -9 "$server"
        clean
      ) <&3 >/dev/null 2>&1 &
      guard=$!
      exec 3<&-
      echo "$server"
      wait "$server"
      status=$?
      { kill "$guard"; clean; } 2>/dev/null
      exit "$status"
      """;

  /// Not a negative number, and not the path of a file.
  private static final Pattern OPTION = Pattern.compile("--?[a-zA-Z][a-zA-Z-]*");

  private ManagedCommand() {}

  static ProcessBuilder of(
      ManagedModel model, ManagedServerSettings settings, int port, Path slots, String key) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "guard"));
    command.add(Long.toString(ManagedProcess.END_LIMIT.toSeconds()));
    command.add(slots.toString());
    command.add(executable(model.name(), settings.executable()).toString());
    command.addAll(arguments(model, port, slots));
    ProcessBuilder builder = new ProcessBuilder(command);
    ChildEnvironment.limit(builder.environment());
    // Not an option: those can be read by every user of the machine.
    builder.environment().put("LLAMA_API_KEY", key);
    return builder;
  }

  /// What the server is given, each option once: of options of the same name the last counts, and
  /// llama.cpp no longer likes to see one twice. `RecordedCommandsTests` compares it with what a
  /// real server has taken.
  static List<String> arguments(ManagedModel model, int port, Path slots) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("-m", model.file().toAbsolutePath().toString(), "-a", model.name()));
    words.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(port)));
    int sequences = model.sequences();
    words.addAll(List.of("-np", Integer.toString(sequences)));
    words.addAll(List.of("-c", Integer.toString(sequences * model.contextTokens())));
    Integer threads = model.threads();
    if (threads != null) {
      words.addAll(List.of("-t", threads.toString()));
    }
    // Its prompt cache has mixed up conversations, and takes up to 8 GiB.
    words.addAll(List.of("--cache-ram", "0", "--no-context-shift", "--metrics"));
    words.addAll(List.of("--slot-save-path", slots.toString()));
    words.addAll(model.options());
    return once(words);
  }

  private static List<String> once(List<String> words) {
    Map<String, List<String>> options = new LinkedHashMap<>();
    List<String> values = new ArrayList<>();
    for (String word : words) {
      if (OPTION.matcher(word).matches()) {
        values = new ArrayList<>();
        options.put(word, values);
      } else {
        values.add(word);
      }
    }
    List<String> once = new ArrayList<>();
    options.forEach(
        (option, its) -> {
          once.add(option);
          once.addAll(its);
        });
    return once;
  }

  private static Path executable(String model, String name) {
    if (name.contains("/")) {
      Path file = Path.of(name).toAbsolutePath();
      if (Files.isExecutable(file) && !Files.isDirectory(file)) {
        return file;
      }
      throw missing(model, "%s is no executable file".formatted(file));
    }
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator)) {
      Path file = Path.of(folder, name).toAbsolutePath();
      if (!folder.isBlank() && Files.isExecutable(file) && !Files.isDirectory(file)) {
        return file;
      }
    }
    throw missing(model, "there is no '%s' on the PATH".formatted(name));
  }

  private static EngineException.Unusable missing(String model, String what) {
    return new EngineException.Unusable(
        "Model %s needs llama-server, and %s. Install llama.cpp, which brings it, or set ponder.engine.llama-server.executable to its path; a server that runs already is used with a url in place of the file."
            .formatted(model, what),
        null);
  }
}
