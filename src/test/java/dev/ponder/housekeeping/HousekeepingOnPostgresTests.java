package dev.ponder.housekeeping;

import dev.ponder.database.OnPostgres;
import org.springframework.test.context.ContextConfiguration;

@ContextConfiguration(initializers = OnPostgres.class)
class HousekeepingOnPostgresTests extends HousekeepingTests {}
