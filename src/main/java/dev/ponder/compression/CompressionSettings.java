package dev.ponder.compression;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// When thoughts are compressed, and what is remembered of it.
///
/// @param at the part of the context at which a running thought that needs more of it has its older
///     part compressed
/// @param leastTokens a shorter text is never compressed: there is nothing to gain
/// @param cacheMax compressions that are remembered, so that the same request is answered at once
/// @param countsMax texts whose number of tokens is remembered; counting is a call to the engine
@Validated
@ConfigurationProperties("ponder.memory.compression")
public record CompressionSettings(
    @DefaultValue("0.85") @DecimalMin("0.3") @DecimalMax("0.95") double at,
    @DefaultValue("24") @Min(1) int leastTokens,
    @DefaultValue("256") @Min(0) int cacheMax,
    @DefaultValue("2000") @Min(0) int countsMax) {}
