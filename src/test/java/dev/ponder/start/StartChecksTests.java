package dev.ponder.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.mock.env.MockEnvironment;

class StartChecksTests {

  @TempDir private Path data;

  @Test
  void refusesADataFolderThatAnotherServiceHolds() throws Exception {
    Process other = new ProcessBuilder("sleep", "600").start();
    Instant later = Instant.now().plusSeconds(5);
    new ServiceFile(other.pid(), URI.create("http://127.0.0.1:1"), later).writeTo(data);

    try {
      assertThatThrownBy(() -> new DataFolderCheck().onApplicationEvent(starting("jdbc:h2:file:x")))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("belongs to the service in process " + other.pid())
          .hasMessageContaining("http://127.0.0.1:1");
      // Services on one PostgreSQL may share a folder.
      assertThatCode(
              () -> new DataFolderCheck().onApplicationEvent(starting("jdbc:postgresql://x/y")))
          .doesNotThrowAnyException();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void refusesADataFolderThatCannotBeWrittenTo() throws Exception {
    data = Files.writeString(data.resolve("a file"), "x").resolve("below");

    assertThatThrownBy(() -> new DataFolderCheck().onApplicationEvent(starting("jdbc:h2:file:x")))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("cannot be written to: Not a directory");
  }

  @Test
  void namesTheOptionThatHelpsWhenThePortIsTaken() {
    var wrapped = new IllegalStateException(new PortInUseException(18_000));

    assertThat(report(wrapped))
        .isEqualTo(
            """
            Ponder did not start. Port 18000 is in use.
            Choose another with --port N (0 takes any free one), or end what listens there.
            (exit 3: service not reachable, or it did not start)
            """);
  }

  @Test
  void saysInWordsThatTheDatabaseIsOpenElsewhere() {
    var wrapped = new IllegalStateException(new SQLException("in use", "90020", 90_020));

    assertThat(report(wrapped)).contains("has the database in " + data + " open");
  }

  @Test
  void saysInWordsThatTheDatabaseHasNoRoom() {
    var wrapped = new IllegalStateException(new SQLException("The disk is full.", "53100"));

    assertThat(report(wrapped))
        .startsWith("Ponder did not start. The disk is full.\nOr choose another folder");
  }

  private String report(Throwable failure) {
    MockEnvironment environment = new MockEnvironment().withProperty("ponder.data", "" + data);
    FailureAnalysis analysis = new StartFailureAnalyzer(environment).analyze(failure);
    assertThat(analysis).isNotNull();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    new StartFailureReporter(null)
        .report(analysis, new PrintStream(err, true, StandardCharsets.UTF_8));
    return err.toString(StandardCharsets.UTF_8);
  }

  private ApplicationEnvironmentPreparedEvent starting(String database) {
    MockEnvironment environment =
        new MockEnvironment()
            .withProperty("ponder.data", data.toString())
            .withProperty("spring.datasource.url", database);
    return new ApplicationEnvironmentPreparedEvent(
        new DefaultBootstrapContext(), new SpringApplication(), new String[0], environment);
  }
}
