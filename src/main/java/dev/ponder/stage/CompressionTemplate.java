package dev.ponder.stage;

import org.jspecify.annotations.Nullable;

/// The prompt of a compression with places to fill in.
public interface CompressionTemplate {

  Prompt render(Facts facts);

  /// What the template can name. White space around a fact does not reach the prompt.
  ///
  /// @param thought what has to be compressed: a thought's reasoning, or a part of it
  /// @param conclusion what the thought came to; null while it is not finished
  /// @param missing what an earlier summary lacked, a line each; null the first time
  record Facts(String thought, @Nullable String conclusion, @Nullable String missing) {}
}
