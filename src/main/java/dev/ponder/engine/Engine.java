package dev.ponder.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns a conversation into tokens: the port to one loaded model.
///
/// An engine renders the conversation with the model's own chat template and appends what the
/// assistant has already written, so that a thought continues where it stopped. Implementations are
/// safe for use by many threads. Nobody asks for an engine's name to decide something: what it can
/// do is in its [Capabilities].
public interface Engine extends AutoCloseable {

  /// The name of the model it serves, as in the job and in the configuration.
  String model();

  /// What this engine can do. May start the engine, because some of it is known only then.
  ///
  /// @throws EngineException if the engine cannot be started
  Capabilities capabilities();

  /// Starts one generation and returns at once, or when a sequence is free. The caller closes the
  /// stream; closing it early stops the decode within one token interval (during prefill: within
  /// one piece of the prompt).
  ///
  /// @throws EngineException.Refused if the request can never work (too long, out of range)
  /// @throws EngineException.Unusable if the model cannot be loaded at all
  /// @throws EngineException.Unavailable if it may work later (starting, busy, died)
  TokenStream open(GenerationRequest request);

  /// Evaluates once what the prompts of several requests have in common, so that each of them finds
  /// it done when it is opened next. It only saves time: they write the same without it.
  ///
  /// @return what it cost; null where nothing was shared, because the engine does not do it
  ///     ([Capabilities#sharedPrefix]), has no sequences free, or too little is common
  /// @throws EngineException as [#open]
  default @Nullable Completion share(List<GenerationRequest> branches) {
    return null;
  }

  /// A line of thought will not be continued: what is kept only for that can go. Never starts the
  /// engine, never throws.
  ///
  /// @param affinity as in the requests, or the beginning of several up to a slash
  default void forget(String affinity) {}

  /// The exact number of tokens of a plain text, without template, by the model's own tokenizer.
  ///
  /// @throws EngineException as [#open]
  int countTokens(String text);

  /// How the engine is right now. Never starts it, never throws, answers within a second.
  EngineHealth health();

  /// How the engine was a moment ago, for those who show it: however often they ask, its server is
  /// asked once in a few seconds. Waits as [dev.ponder.time.Probe] does.
  default EngineHealth recentHealth() {
    return health();
  }

  /// Asks what [#recentHealth] will tell, and waits for nothing.
  default void askHealth() {}

  /// Ends what this engine holds (connections, child processes). Running streams end with
  /// [EngineException.Unavailable]. Idempotent.
  @Override
  void close();
}
