package dev.ponder.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the model is asked: an optional system line and one user message. Both are plain text;
/// control tokens such as `<|im_start|>` in them lose their meaning before they reach the model.
public record Conversation(@Nullable String system, String user) {

  public Conversation {
    Objects.requireNonNull(user, "user");
  }
}
