package dev.ponder.journal.archive;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// When jobs that are over go into the archive.
///
/// @param after a job is archived when it has been over, or restored, for so long
/// @param perSweep jobs that one sweep archives at most
/// @param atOnce jobs that a submission archives at most when the storage is full
@Validated
@ConfigurationProperties("ponder.archive")
public record ArchiveSettings(
    @DefaultValue("7d") Duration after,
    @DefaultValue("10000") @Min(1) @Max(1000000) int perSweep,
    @DefaultValue("200") @Min(1) @Max(10000) int atOnce) {}
