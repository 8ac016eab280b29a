package dev.ponder.job;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/// The promise to the client.
///
/// @param longest how long a job may take from its submission to its answer, and the default
@ConfigurationProperties("ponder")
public record DeadlineSettings(@Name("deadline") @DefaultValue("30m") Duration longest) {}
