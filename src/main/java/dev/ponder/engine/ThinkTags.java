package dev.ponder.engine;

import java.util.List;

/// The tags between which a model thinks. Models differ, and a server that does not take the
/// thought out of the text leaves them in it.
///
/// @param pairs an opening and a closing one each, at least one pair
public record ThinkTags(List<Pair> pairs) {

  /// Those of the models that people run.
  public static final ThinkTags USUAL =
      new ThinkTags(
          List.of(
              new Pair("<think>", "</think>"),
              new Pair("<thinking>", "</thinking>"),
              new Pair("<thought>", "</thought>"),
              new Pair("<reasoning>", "</reasoning>"),
              new Pair("[THINK]", "[/THINK]"),
              new Pair("<mm:think>", "</mm:think>"),
              new Pair("<seed:think>", "</seed:think>"),
              new Pair("◁think▷", "◁/think▷"),
              new Pair("<|START_THINKING|>", "<|END_THINKING|>"),
              new Pair("<|begin_of_thought|>", "<|end_of_thought|>")));

  /// @param opening what the thought begins with, unless the prompt has it already
  /// @param closing what ends it
  public record Pair(String opening, String closing) {}

  public ThinkTags {
    pairs = List.copyOf(pairs);
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("A model needs one pair of tags at least");
    }
  }
}
