package dev.ponder.model;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What has to hold before a model is loaded.
///
/// @param checkMemory refuse a model that needs more memory than there is
/// @param memoryLimit memory that one model may need; left out, what the machine has available then
@ConfigurationProperties("ponder.load")
record LoadSettings(@DefaultValue("true") boolean checkMemory, @Nullable DataSize memoryLimit) {}
