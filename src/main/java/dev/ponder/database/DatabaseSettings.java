package dev.ponder.database;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How long PostgreSQL and Ponder wait for each other, and how much room an H2 file needs.
///
/// @param silentInTransaction PostgreSQL: how long a session may be silent inside a transaction
///     before the server ends it and frees its locks; 0 for ever
/// @param answerWithin PostgreSQL: how long a statement may go without an answer before its
///     connection is given up; 0 for ever
/// @param diskReserve H2: what has to be free on its disk for Ponder to write. H2 needs some of it
///     to finish what it has begun and to put its file in order
/// @param forceWrites H2: whether a commit waits until the disk itself has what was written.
///     Without it a commit outlives the end of the process, but not the loss of power. PostgreSQL
///     decides by its own `fsync`
@ConfigurationProperties("ponder.database")
public record DatabaseSettings(
    @DefaultValue("10s") Duration silentInTransaction,
    @DefaultValue("60s") Duration answerWithin,
    @DefaultValue("64MB") DataSize diskReserve,
    @DefaultValue("false") boolean forceWrites) {}
