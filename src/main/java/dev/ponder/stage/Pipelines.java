package dev.ponder.stage;

import java.util.List;
import java.util.Optional;

/// The pipelines there are, by name.
public interface Pipelines {

  Optional<Pipeline> find(String name);

  /// All of them, by name.
  List<Pipeline> all();

  /// Reads a pipeline from the text that a job kept, checked as strictly as a file.
  ///
  /// @param name what to call it in messages
  Pipeline parse(String name, String source);
}
