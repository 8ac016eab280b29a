package dev.ponder.model;

import dev.ponder.engine.gguf.RandomQwen3Moe;
import dev.ponder.engine.llamaserver.ManagedModel;
import dev.ponder.engine.llamaserver.TrialStart;
import dev.ponder.model.profile.Profile;
import dev.ponder.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Starts a llama-server with the exact command line of each profile and mode, on a file of the
/// architecture of Qwen3-30B-A3B, and writes down what it made of it. `tools/record-commands` runs
/// it; [RecordedCommandsTests] compares the record with the command lines of today.
final class CommandRecorder {

  /// Settings of the server that a profile's options change.
  private static final List<String> SETTINGS =
      List.of(
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "repeat_penalty",
          "presence_penalty",
          "dry_multiplier",
          "dry_allowed_length");

  /// What its log says of sequences, context, threads, and of options it does not like.
  private static final String LOGGED =
      ".*(n_slots = |n_threads = |DEPRECATED|deprecated|warning: | W srv ).*";

  private final Path executable;
  private final Path folder;
  private final Path file;

  private CommandRecorder(Path executable, Path folder) throws IOException {
    this.executable = executable;
    this.folder = folder;
    this.file = RandomQwen3Moe.write(folder.resolve("random-qwen3moe.gguf"));
  }

  /// @param arguments the llama-server, and what to call it in the record
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var recorder =
        new CommandRecorder(
            Path.of(arguments[0]).toAbsolutePath(), Files.createTempDirectory("record-commands-"));
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("server", arguments[1]);
    record.put("model", "random weights, architecture qwen3moe, written by RandomQwen3Moe");
    Map<String, Object> starts = new LinkedHashMap<>();
    for (Profile profile : Recorded.profiles()) {
      System.out.println(profile.name());
      starts.put(profile.name(), recorder.start(profile));
    }
    record.put("starts", starts);
    String json = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(record);
    Files.createDirectories(Recorded.FILE.getParent());
    Files.writeString(Recorded.FILE, json + "\n");
  }

  private Map<String, Object> start(Profile profile) throws IOException, InterruptedException {
    ManagedModel model = Recorded.model(profile, file);
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("command", TrialStart.commandLine(model));
    try (TrialStart server = new TrialStart(model, executable, folder)) {
      JsonNode props = server.props();
      JsonNode defaults = props.get("default_generation_settings");
      Map<String, Object> says = new LinkedHashMap<>();
      says.put("build_info", props.get("build_info"));
      says.put("model_alias", props.get("model_alias"));
      says.put("total_slots", props.get("total_slots"));
      says.put("n_ctx", defaults.get("n_ctx"));
      says.putAll(settings(defaults.get("params")));
      record.put("props", says);
      record.put("stages", stages(profile, server));
      record.put("log", server.logged(LOGGED));
    }
    return record;
  }

  /// A completion with the sampling of each stage, and what the server says that it used.
  private static Map<String, Object> stages(Profile profile, TrialStart server)
      throws IOException, InterruptedException {
    Map<String, Object> stages = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      JsonNode end = server.complete(Recorded.request(profile, stage));
      Map<String, Object> used = settings(end.get("generation_settings"));
      used.put("stop_type", end.get("stop_type"));
      used.put("tokens_predicted", end.get("tokens_predicted"));
      stages.put(stage.key(), used);
    }
    return stages;
  }

  private static Map<String, Object> settings(JsonNode all) {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (String name : SETTINGS) {
      JsonNode value = Objects.requireNonNull(all.get(name), name);
      // The server computes with 32 bits and prints more digits than those hold.
      settings.put(name, value.isIntegralNumber() ? value : Float.valueOf(value.floatValue()));
    }
    return settings;
  }
}
