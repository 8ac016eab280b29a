package dev.ponder.memory;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How a model's context is shared out, in parts of the whole. What one tier leaves over, the
/// others may use.
///
/// @param immediate the running thought
/// @param working conclusions of this job, and the reasoning that a stage reads
/// @param longTerm compressed insights
/// @param context the problem and the stage's instructions
@Validated
@ConfigurationProperties("ponder.memory.tiers")
public record Tiers(
    @DefaultValue("8") @Min(1) int immediate,
    @DefaultValue("6") @Min(1) int working,
    @DefaultValue("4") @Min(1) int longTerm,
    @DefaultValue("3") @Min(1) int context) {

  /// 8 : 6 : 4 : 3.
  public static final Tiers DEFAULT = new Tiers(8, 6, 4, 3);

  /// Tokens of the running thought in a context of so many.
  public int immediate(int contextTokens) {
    return part(immediate, contextTokens);
  }

  public int working(int contextTokens) {
    return part(working, contextTokens);
  }

  public int longTerm(int contextTokens) {
    return part(longTerm, contextTokens);
  }

  public int context(int contextTokens) {
    return part(context, contextTokens);
  }

  private int part(int tier, int contextTokens) {
    return (int) ((long) contextTokens * tier / (immediate + working + longTerm + context));
  }
}
