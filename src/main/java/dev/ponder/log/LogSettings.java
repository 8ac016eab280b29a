package dev.ponder.log;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What the log says.
///
/// @param content whether messages that can repeat prompts, thoughts or answers are logged as they
///     are: those of the database, of libraries and of model servers
@ConfigurationProperties("ponder.log")
record LogSettings(@DefaultValue("false") boolean content) {}
