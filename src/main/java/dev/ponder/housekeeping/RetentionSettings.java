package dev.ponder.housekeeping;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How long jobs that are over are kept.
///
/// @param deleteAfter a job that has been over for so long is deleted with all it owns; not set,
///     nothing is ever deleted
/// @param every how often such jobs are looked for
/// @param batch jobs deleted at a time, so that no transaction grows large
@Validated
@ConfigurationProperties("ponder.retention")
public record RetentionSettings(
    @Nullable Duration deleteAfter,
    @DefaultValue("10m") Duration every,
    @DefaultValue("200") @Min(1) @Max(10000) int batch) {}
