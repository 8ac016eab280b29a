package dev.ponder.engine.openai;

/// How a server is asked to go on with a text that was begun. The protocol has no word for it, so
/// each server has its own way or none.
public enum Continuation {
  /// Tried out with a few tokens when the server is asked first: the way after which it goes on
  /// with the same words, with the prompt being no longer than the text.
  AUTO,
  /// Not at all: a text that breaks off is written anew from its beginning.
  NONE,
  /// The text is the `reasoning_content` of a last message of the assistant, as llama-server has
  /// it.
  REASONING,
  /// The text is the content of a last message of the assistant, with `continue_final_message` and
  /// without a generation prompt, as vLLM and SGLang have it.
  FINAL_MESSAGE,
  /// The same with the opening tag of the model before it, `<think>` mostly, for templates that
  /// leave it to the message.
  FINAL_MESSAGE_TAGGED
}
