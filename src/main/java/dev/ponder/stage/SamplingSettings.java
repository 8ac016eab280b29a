package dev.ponder.stage;

/// Sampling values that hold for all stages of a pipeline; the temperature is each stage's own.
///
/// @param topP in (0, 1]
/// @param topK 0 (off) to 1,000,000
/// @param minP in [0, 1]
/// @param presencePenalty in [-2, 2], 0 is off
/// @param repeatPenalty in (0, 2], 1 is off
public record SamplingSettings(
    double topP, int topK, double minP, double presencePenalty, double repeatPenalty) {}
