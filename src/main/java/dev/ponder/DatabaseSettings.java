package dev.ponder;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long PostgreSQL and Ponder wait for each other. H2 runs inside the service and needs
// neither.
///
/// @param silentInTransaction how long a session may be silent inside a transaction before the
///     server ends it and frees its locks; 0 for ever
/// @param answerWithin how long a statement may go without an answer before its connection is given
///     up; 0 for ever
@ConfigurationProperties("ponder.database")
public record DatabaseSettings(
    @DefaultValue("10s") Duration silentInTransaction,
    @DefaultValue("60s") Duration answerWithin) {}
