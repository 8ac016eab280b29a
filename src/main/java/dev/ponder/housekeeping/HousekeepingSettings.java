package dev.ponder.housekeeping;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How recurring work is done.
///
/// @param poll how often a node looks for work that is due
/// @param threads pieces of work that a node does at the same time
/// @param missedHeartbeats heartbeats (`ponder.lease.heartbeat`) that a node may miss before
///     another takes its work up
/// @param stopWithin how long a stop of the service waits for work that is under way
@Validated
@ConfigurationProperties("ponder.housekeeping")
public record HousekeepingSettings(
    @DefaultValue("10s") Duration poll,
    @DefaultValue("2") @Min(1) @Max(16) int threads,
    @DefaultValue("4") @Min(4) @Max(100) int missedHeartbeats,
    @DefaultValue("5s") Duration stopWithin) {}
