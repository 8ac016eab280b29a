package dev.ponder.engine.jllama.seat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a seat is told on its command line.
public record SeatOptions(JllamaModel model, int waitingMax) {

  static SeatOptions parse(String[] args) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      given.put(args[i], args[i + 1]);
    }
    return new SeatOptions(
        new JllamaModel(
            get(given, "--name"),
            Path.of(get(given, "--model")),
            Integer.parseInt(get(given, "--context")),
            Integer.parseInt(get(given, "--sequences")),
            Integer.parseInt(get(given, "--threads")),
            Double.parseDouble(get(given, "--pace"))),
        Integer.parseInt(get(given, "--waiting")));
  }

  private static String get(Map<String, String> given, String name) {
    String value = given.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "The seat needs %s. Seats are started by Ponder, not by hand.".formatted(name));
    }
    return value;
  }

  public List<String> arguments() {
    return List.of(
        "--name", model.name(),
        "--model", model.file().toAbsolutePath().toString(),
        "--context", Integer.toString(model.contextTokens()),
        "--sequences", Integer.toString(model.sequences()),
        "--threads", Integer.toString(model.threads()),
        "--pace", Double.toString(model.pace()),
        "--waiting", Integer.toString(waitingMax));
  }
}
