package dev.ponder.engine.text;

import java.util.List;
import java.util.stream.Stream;

/// The tags between which a model thinks. Models differ, and a server that does not take the
/// thought out of the text leaves them in it. Case does not matter, nor do blanks behind the name.
///
/// @param pairs an opening and a closing one each, at least one pair; the first is the model's own
public record ThinkTags(List<Pair> pairs) {

  /// What a thought is read with in Ponder, whatever its model has.
  public static final Pair CANONICAL = new Pair("<think>", "</think>");

  /// Those of gpt-oss: a thought is a message on the channel `analysis`, and the conclusion one on
  /// the channel `final`.
  public static final Pair HARMONY =
      new Pair(
          "<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>");

  /// Those of the models that people run. What others write in words, such as `Here is my
  /// response:`, has to be named: any thought can have it.
  public static final ThinkTags USUAL =
      new ThinkTags(
          List.of(
              CANONICAL,
              new Pair("<thinking>", "</thinking>"),
              new Pair("<thought>", "</thought>"),
              new Pair("<thoughts>", "</thoughts>"),
              new Pair("<reasoning>", "</reasoning>"),
              new Pair("<reflection>", "</reflection>"),
              // Magistral and Ministral.
              new Pair("[THINK]", "[/THINK]"),
              new Pair("[REASONING]", "[/REASONING]"),
              // MiniMax, Seed-OSS, LongCat, Hunyuan, Kimi.
              new Pair("<mm:think>", "</mm:think>"),
              new Pair("<seed:think>", "</seed:think>"),
              new Pair("<longcat_think>", "</longcat_think>"),
              new Pair("<think:opensource>", "</think:opensource>"),
              new Pair("◁think▷", "◁/think▷"),
              // Command A, OpenThoughts, Apertus.
              new Pair("<|START_THINKING|>", "<|END_THINKING|>"),
              new Pair("<|begin_of_thought|>", "<|end_of_thought|>"),
              new Pair("<|inner_prefix|>", "<|inner_suffix|>"),
              HARMONY,
              // Gemma 4, and the reasoning models made of Gemma 3.
              new Pair("<|channel>thought", "<channel|>"),
              new Pair("<start_working_out>", "<end_working_out>"),
              // Solar.
              new Pair("<|think|>", "<|end|><|begin|>assistant<|content|>")));

  private static final int LENGTH_MAX = 64;

  /// @param opening what the thought begins with, unless the prompt has it already
  /// @param closing what ends it
  public record Pair(String opening, String closing) {

    public Pair {
      check("opening", opening);
      check("closing", closing);
      if (opening.equals(closing)) {
        throw new IllegalArgumentException(
            "The opening and the closing tag of a thought are the same: '%s'".formatted(opening));
      }
    }

    private static void check(String which, String tag) {
      if (tag.length() < 3 || tag.length() > LENGTH_MAX || !tag.equals(tag.strip())) {
        throw new IllegalArgumentException(
            "The %s tag of a thought is '%s' and has to have 3 to %d characters, without blanks around them"
                .formatted(which, tag, LENGTH_MAX));
      }
    }

    /// Whether they are headers of messages.
    boolean isHarmony() {
      return closing.contains("<|channel|>");
    }

    /// What may be single tokens that a server does not print; none for `<think>`, which is always
    /// printed.
    public List<String> tokens() {
      return equals(CANONICAL)
          ? List.of()
          : isHarmony()
              ? List.of("<|start|>", "<|channel|>", "<|message|>", "<|end|>")
              : List.of(opening, closing);
    }

    /// Reads `[THINK]...[/THINK]`.
    ///
    /// @throws IllegalArgumentException if it is no such text
    public static Pair of(String text) {
      String[] tags = text.replace("…", "...").split("\\.\\.\\.", -1);
      if (tags.length != 2) {
        throw new IllegalArgumentException(
            "'%s' names no think tags; they are written as <think>...</think>".formatted(text));
      }
      return new Pair(tags[0].strip(), tags[1].strip());
    }

    @Override
    public String toString() {
      return opening + "..." + closing;
    }
  }

  public ThinkTags {
    pairs = List.copyOf(pairs);
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("A model needs one pair of think tags at least");
    }
  }

  /// Reads pairs such as `[THINK]...[/THINK]`.
  public static ThinkTags of(List<String> pairs) {
    return new ThinkTags(pairs.stream().map(Pair::of).toList());
  }

  /// The pair that the model itself thinks between.
  public Pair own() {
    return pairs.getFirst();
  }

  /// The same, with the pair that a chat template names as the model's own.
  public ThinkTags in(String template) {
    for (Pair pair : pairs) {
      if (names(template, pair)) {
        return withOwn(pair);
      }
    }
    return this;
  }

  /// The same, with this pair as the model's own.
  public ThinkTags withOwn(Pair pair) {
    return pair.equals(own())
        ? this
        : new ThinkTags(
            Stream.concat(Stream.of(pair), pairs.stream().filter(it -> !it.equals(pair))).toList());
  }

  /// Whether a chat template names the model's own pair.
  public boolean isNamedIn(String template) {
    return names(template, own());
  }

  private static boolean names(String template, Pair pair) {
    return pair.isHarmony()
        ? template.contains("<|channel|>") && template.contains("<|message|>")
        : template.contains(pair.opening()) && template.contains(pair.closing());
  }

  /// What the assistant has written in the model's own words, to go on from.
  ///
  /// @param canonical the thought, `</think>`, the conclusion; or a part of that
  /// @param opened whether the prompt opens the thought, or nothing does
  public String inOwnWords(String canonical, boolean opened) {
    Pair own = own();
    // Around a tag that is one token, models write no blank lines.
    boolean lines = own.closing().matches("</[A-Za-z].*");
    String opening = opened ? "" : own.opening() + (lines ? "\n" : "");
    int end = canonical.indexOf(CANONICAL.closing());
    if (end < 0 || own.equals(CANONICAL)) {
      return opening + canonical;
    }
    String conclusion = canonical.substring(end + CANONICAL.closing().length());
    return opening
        + canonical.substring(0, end)
        + own.closing()
        + (lines ? conclusion : conclusion.stripLeading());
  }
}
