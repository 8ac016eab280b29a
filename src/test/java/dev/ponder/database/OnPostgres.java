package dev.ponder.database;

import java.nio.file.Path;
import java.util.UUID;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// Puts a test's application context on a fresh PostgreSQL database.
public final class OnPostgres
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    Path data = Path.of("target", "test-data", UUID.randomUUID().toString());
    TestPropertyValues.of(TestDatabase.POSTGRESQL.settings(data)).applyTo(context);
  }
}
