package dev.ponder.journal;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How much of a running thought may be lost, and what happens while the database takes no writes.
///
/// @param chunkTokens a chunk holds at most so many tokens
/// @param chunkTime a chunk is written at the latest when its first token is this old
/// @param packFrom a finished thought of so many characters is kept deflated
/// @param unwrittenMax tokens of a thought that may wait for a database that is away; then the
///     thought itself waits
/// @param retryEvery how often a write is tried again while the database is away
/// @param waitMax how long a run waits for a database that is away; then its job is taken up anew
@Validated
@ConfigurationProperties("ponder.journal")
public record JournalSettings(
    @DefaultValue("64") @Min(1) @Max(4096) int chunkTokens,
    @DefaultValue("1s") Duration chunkTime,
    @DefaultValue("2000") @Min(1) int packFrom,
    @DefaultValue("4096") @Min(64) @Max(1000000) int unwrittenMax,
    @DefaultValue("1s") Duration retryEvery,
    @DefaultValue("30m") Duration waitMax) {}
