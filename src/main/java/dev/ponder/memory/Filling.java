package dev.ponder.memory;

import dev.ponder.memory.PromptContents.Form;
import dev.ponder.memory.PromptContents.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fills a prompt with what a job has thought, within a number of tokens. Nothing that does not fit
/// is a failure. In order of relevance, first all conclusions and then the reasoning that the stage
/// reads:
///
/// 1. what fits goes in as it was thought; a reasoning may take an equal share of what is left;
/// 2. what does not is compressed, if a summary passes its check and fits;
/// 3. else it is shortened: its beginning, and more of its end, where a line of thought comes to
///    its result;
/// 4. else it is left out.
public final class Filling {

  /// Of a shortened text this part comes from its beginning; the rest from its end.
  private static final double FROM_BEGINNING = 0.25;

  /// Fewer tokens of a text say nothing.
  private static final int LEAST = 16;

  private final Sources sources;
  private final Map<ThoughtKey, String> conclusions = new HashMap<>();
  private final Map<ThoughtKey, String> reasonings = new HashMap<>();
  private final List<Part> parts = new ArrayList<>();
  private int left;
  private int working;
  private int longTerm;

  /// Where compressed forms come from.
  public interface Sources {

    /// The insights of a thought, or why there are none.
    Summary summary(Thought thought);

    /// Whether summaries stand for thoughts even where those would fit.
    boolean always();
  }

  /// @param insights null if there are none
  public record Summary(@Nullable String insights, int tokens, @Nullable String because) {}

  /// @param room tokens that there are for what was thought
  public Filling(Sources sources, int room) {
    this.sources = sources;
    this.left = Math.max(0, room);
  }

  /// Takes conclusions in, the most relevant first.
  public Filling conclusions(List<Thought> thoughts) {
    for (Thought thought : thoughts) {
      if (!thought.conclusion().isEmpty()) {
        int tokens = Math.max(1, thought.tokens() - thought.thinkingTokens());
        String text = fitted(thought, "conclusion", thought.conclusion(), tokens, left);
        if (text != null) {
          conclusions.put(thought.key(), text);
        }
      }
    }
    return this;
  }

  /// An answer is always there: the stage decides by it, and it takes a line.
  public Filling answer(Thought thought, String answer) {
    int tokens =
        Math.min(answer.length(), Math.max(1, thought.tokens() - thought.thinkingTokens()));
    left = Math.max(0, left - tokens);
    working += tokens;
    Summary summary = sources.always() ? sources.summary(thought) : null;
    boolean compressed = summary != null && summary.insights() != null;
    parts.add(
        Part.of(
            thought.key(),
            "answer",
            compressed ? Form.COMPRESSED : Form.ORIGINAL,
            tokens,
            summary == null ? null : brief(summary.because())));
    return this;
  }

  /// Takes reasoning in, the most relevant first. Where summaries stand for thoughts, they have
  /// gone in with the conclusions.
  public Filling reasonings(List<Thought> thoughts) {
    for (int i = 0; i < thoughts.size(); i++) {
      Thought thought = thoughts.get(i);
      if (isSummarised(thought)) {
        continue;
      }
      int share = left / (thoughts.size() - i);
      int tokens = Math.max(1, thought.thinkingTokens());
      String text = fitted(thought, "reasoning", thought.reasoning(), tokens, share);
      if (text != null) {
        reasonings.put(thought.key(), text);
      }
    }
    return this;
  }

  private boolean isSummarised(Thought thought) {
    return parts.stream()
        .anyMatch(
            part ->
                part.thought().equals(thought.key().id())
                    && part.what().equals("conclusion")
                    && part.form().equals("compressed"));
  }

  private @Nullable String fitted(Thought thought, String what, String text, int tokens, int room) {
    String because =
        sources.always()
            ? "all thoughts are compressed"
            : "%d tokens, room for %d".formatted(tokens, room);
    if (!sources.always() && tokens <= room) {
      return take(thought, what, Form.ORIGINAL, text, tokens, null);
    }
    if (tokens > room && room < LEAST) {
      // No summary would fit, so none is asked for.
      parts.add(Part.of(thought.key(), what, Form.LEFT_OUT, 0, because));
      return null;
    }
    Summary summary = sources.summary(thought);
    if (summary.insights() != null && summary.tokens() <= room) {
      return take(thought, what, Form.COMPRESSED, summary.insights(), summary.tokens(), because);
    }
    String kept = summary.because() == null ? because : because + "; " + summary.because();
    if (tokens <= room) {
      return take(thought, what, Form.ORIGINAL, text, tokens, kept);
    }
    return take(thought, what, Form.SHORTENED, shortened(text, tokens, room), room, kept);
  }

  private String take(
      Thought thought, String what, Form form, String text, int tokens, @Nullable String because) {
    left -= tokens;
    if (form == Form.COMPRESSED) {
      longTerm += tokens;
    } else {
      working += tokens;
    }
    parts.add(Part.of(thought.key(), what, form, tokens, brief(because)));
    return text;
  }

  private static @Nullable String brief(@Nullable String because) {
    return because == null ? null : Wording.brief(because, 160);
  }

  /// The conclusion of a thought as it goes into the prompt; null if it does not.
  public @Nullable String conclusion(Thought thought) {
    return conclusions.get(thought.key());
  }

  /// The reasoning of a thought as it goes into the prompt; null if it does not.
  public @Nullable String reasoning(Thought thought) {
    return reasonings.get(thought.key());
  }

  /// Whether all that was thought is in the prompt, as it was thought.
  public boolean isWhole() {
    return parts.stream()
        .allMatch(part -> part.form().equals("original") && part.because() == null);
  }

  /// What the prompt was made of.
  public PromptContents makeUp(int contextTokens, int immediate, int context) {
    return new PromptContents(contextTokens, immediate, context, working, longTerm, parts, 0);
  }

  private static String shortened(String text, int tokens, int room) {
    int kept = (int) ((long) text.length() * Math.max(1, room - LEAST / 2) / tokens);
    int head = whole(text, (int) (kept * FROM_BEGINNING));
    int tail = whole(text, text.length() - (kept - head));
    return "%s\n[… about %d tokens left out …]\n%s"
        .formatted(text.substring(0, head), tokens - room, text.substring(tail));
  }

  /// An index that does not cut a character in half.
  private static int whole(String text, int index) {
    boolean inside =
        index > 0 && index < text.length() && Character.isLowSurrogate(text.charAt(index));
    return inside ? index - 1 : index;
  }
}
