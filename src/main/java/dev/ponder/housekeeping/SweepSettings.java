package dev.ponder.housekeeping;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How the memory sweep works, and how much at a time.
///
/// @param sweepInterval how long after one sweep the next begins; one node of the cluster does it
/// @param sweepCompresses whether it has models compress thoughts; archiving needs none
/// @param sweepThoughts thoughts that one sweep has compressed at most
/// @param sweepTokens tokens of the thoughts of one sweep together; the thought that passes it is
///     the last
/// @param sweepTime after so long no further thought is begun, and no further job archived
/// @param thoughtTime how long the compression of one thought may take, waiting included
/// @param sweepShare while jobs of a model run or wait, the sweep has it write for at most this
///     part of the time, in one sequence; 0, or a model with a single sequence: not at all
@Validated
@ConfigurationProperties("ponder.memory")
public record SweepSettings(
    @DefaultValue("300s") Duration sweepInterval,
    @DefaultValue("true") boolean sweepCompresses,
    @DefaultValue("500") @Min(1) int sweepThoughts,
    @DefaultValue("200000") @Min(1) int sweepTokens,
    @DefaultValue("60s") Duration sweepTime,
    @DefaultValue("5m") Duration thoughtTime,
    @DefaultValue("0.1") double sweepShare) {

  public SweepSettings {
    if (!(sweepShare >= 0 && sweepShare <= 1)) {
      throw new IllegalArgumentException(
          "ponder.memory.sweep-share is %s and has to be from 0 to 1, a part of the time"
              .formatted(sweepShare));
    }
    if (sweepInterval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(
          "ponder.memory.sweep-interval is %s and has to be at least a millisecond"
              .formatted(sweepInterval));
    }
  }
}
