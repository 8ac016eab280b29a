package dev.ponder.thinking;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How thoughts are written and closed.
///
/// @param margin time kept free before every deadline, for what is not decoding
/// @param answerWithin a job that is paused, or waits for its engine, is answered with what
///     is there when its deadline is nearer than this: that needs no engine
/// @param closingWindow tokens that a thought may go on after its budget to reach a sentence's end
/// @param interruptionsMax engine failures in a row, without a new token, after which the next
///     model is asked, or the engine is waited for; and how often a thought is begun anew
/// @param loopRepeats how often a passage has to repeat itself to be called a loop
/// @param tidyEvery how often a node gives up what its engines keep of jobs that ended elsewhere
/// @param stopWithin how long a stop of the service waits for running thoughts to be written down
@Validated
@ConfigurationProperties("ponder.thinking")
public record ThinkingSettings(
    @DefaultValue("500ms") Duration margin,
    @DefaultValue("5s") Duration answerWithin,
    @DefaultValue("32") @Min(0) int closingWindow,
    @DefaultValue("3") @Min(1) int interruptionsMax,
    @DefaultValue("6") @Min(3) int loopRepeats,
    @DefaultValue("10m") Duration tidyEvery,
    @DefaultValue("10s") Duration stopWithin) {}
