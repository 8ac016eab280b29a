package dev.ponder.memory;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What the prompt of a thought was made of: a line in the journal.
///
/// @param contextTokens that the model holds
/// @param immediate tokens kept free for the thought itself
/// @param context tokens of the problem and the stage's instructions; where all fits beside them,
///     their bytes, which is the most it can be
/// @param working tokens of conclusions and reasoning
/// @param longTerm tokens of compressed insights
/// @param parts the thoughts that it was made of, most relevant first
/// @param leftOut parts for which the line has no room
public record PromptContents(
    int contextTokens,
    int immediate,
    int context,
    int working,
    int longTerm,
    List<Part> parts,
    int leftOut) {

  /// What a line of the journal holds.
  private static final int LONGEST = 2000;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  public PromptContents {
    parts = List.copyOf(parts);
  }

  /// One thought in a prompt.
  ///
  /// @param thought its id
  /// @param what `conclusion` or `reasoning`
  /// @param form `original`, `compressed`, `shortened` or `left_out`
  /// @param tokens that it takes there
  /// @param because why it is not there as it was thought; null if it is
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Part(
      String thought, String what, String form, int tokens, @Nullable String because) {

    static Part of(ThoughtKey key, String what, Form form, int tokens, @Nullable String because) {
      return new Part(key.id(), what, form.name().toLowerCase(Locale.ROOT), tokens, because);
    }
  }

  /// How a thought is in a prompt.
  public enum Form {
    ORIGINAL,
    COMPRESSED,
    SHORTENED,
    LEFT_OUT
  }

  /// Whether a summary stands in the prompt where a thought could.
  public boolean hasSummaries() {
    return parts.stream().anyMatch(part -> part.form().equals("compressed"));
  }

  /// The line of the journal.
  public String line() {
    List<Part> some = new ArrayList<>(parts);
    String line = JSON.writeValueAsString(this);
    while (line.length() > LONGEST && !some.isEmpty()) {
      some.removeLast();
      var shorter =
          new PromptContents(
              contextTokens,
              immediate,
              context,
              working,
              longTerm,
              some,
              leftOut + parts.size() - some.size());
      line = JSON.writeValueAsString(shorter);
    }
    return line;
  }

  /// What a line of the journal says; empty for one that is not of this form.
  public static Optional<PromptContents> read(String line) {
    try {
      return Optional.of(JSON.readValue(line, PromptContents.class));
    } catch (JacksonException notOne) {
      return Optional.empty();
    }
  }
}
