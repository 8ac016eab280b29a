package dev.ponder.checkpoint;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How much of a running thought may be lost.
///
/// @param chunkTokens a chunk holds at most so many tokens
/// @param chunkTime a chunk is written at the latest when its first token is this old
@Validated
@ConfigurationProperties("ponder.journal")
public record JournalSettings(
    @DefaultValue("64") @Min(1) @Max(4096) int chunkTokens,
    @DefaultValue("1s") Duration chunkTime) {}
