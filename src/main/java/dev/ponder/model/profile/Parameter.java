package dev.ponder.model.profile;

import java.util.List;
import java.util.Map;

/// Something a profile can state.
///
/// @param name its key in a profile
/// @param carriage what carries it, by engine
record Parameter(
    String name, ValueType type, String meaning, Map<String, ParameterMapping> carriage) {

  static final String JLLAMA = "jllama";
  static final String LLAMA_SERVER = "llama-server";
  static final String OPENAI = "openai";

  /// Engines in the order of the documentation.
  static final List<String> ENGINES = List.of(LLAMA_SERVER, JLLAMA, OPENAI);

  ParameterMapping on(String engine) {
    return carriage.getOrDefault(
        engine,
        new ParameterMapping.Nothing(
            engine.equals(OPENAI)
                ? "whoever starts the server decides it there"
                : "the seat has no such option"));
  }
}
