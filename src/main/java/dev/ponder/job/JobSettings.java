package dev.ponder.job;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How many jobs, and how large.
///
/// @param waitingMax jobs that may wait in the queue; one more is refused with 429
/// @param runningMax jobs that this node thinks about at the same time
/// @param promptMaxCharacters characters of a prompt at most
/// @param metadataMaxCharacters characters of a job's metadata at most, as JSON
/// @param defaultSeed the seed of a job that names none, so that runs are repeatable
@Validated
@ConfigurationProperties("ponder.jobs")
public record JobSettings(
    @DefaultValue("1000") @Min(1) int waitingMax,
    @DefaultValue("8") @Min(1) @Max(1000) int runningMax,
    @DefaultValue("100000") @Min(1) @Max(1000000) int promptMaxCharacters,
    @DefaultValue("8000") @Min(2) @Max(20000) int metadataMaxCharacters,
    @DefaultValue("7") long defaultSeed) {}
