package dev.ponder.job;

import dev.ponder.database.OnPostgres;
import org.springframework.test.context.ContextConfiguration;

@ContextConfiguration(initializers = OnPostgres.class)
class JobCommandsOnPostgresTests extends JobCommandsTests {}
