package dev.ponder.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

class AuditLogTests {

  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00.123456Z");
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);

  @TempDir private Path data;
  private Level usual;
  private AuditFile file;

  @BeforeEach
  void on() {
    usual = LOGGER.getLevel();
    LOGGER.setLevel(Level.INFO);
  }

  @AfterEach
  void asBefore() {
    LOGGER.setLevel(usual);
    if (file != null) {
      file.detach();
    }
  }

  private static AuditEntry cancelled(String key) {
    return AuditEntry.asked(NOW, "cancelJob", key, "10.0.0.7", "a-job", 200);
  }

  @Test
  void aLineSaysWhoDidWhatFromWhereAndWhatBecameOfIt() {
    assertThat(cancelled("alice").line())
        .isEqualTo(
            "{\"time\":\"2026-11-27T10:00:00.123Z\",\"action\":\"cancelJob\",\"key\":\"alice\",\"address\":\"10.0.0.7\",\"job\":\"a-job\",\"outcome\":\"done\",\"status\":200}");
    assertThat(AuditEntry.own(NOW, "pullModel", "qwen3-8b", false).line())
        .contains("\"key\":\"-\"", "\"about\":\"qwen3-8b\"", "\"outcome\":\"failed\"");
  }

  @Test
  void noNameForgesALineOrMovesACursor() {
    String hostile =
        "a\"}\r\n{\"key\":\"b\u001b[2J\u007f\u0085\u009b\u2028\u202e\ud83d\ude00\u0000";

    String line = cancelled(hostile).line();

    assertThat(line.chars()).allMatch(c -> c >= ' ' && c < 127);
    assertThat(JsonMapper.shared().readTree(line).get("key").asString()).isEqualTo(hostile);
  }

  private AuditFile file(Path folder, long fileMax) {
    file = new AuditFile(folder, fileMax, () -> NOW);
    file.attach();
    return file;
  }

  @Test
  void theFileIsForItsOwnerAloneAndTakesLinesOfOtherProcesses() throws Exception {
    file(data, AuditFile.FILE_MAX);
    AuditLog.write(cancelled("alice"));
    AuditLog.append(data, cancelled("bob"));
    AuditLog.write(cancelled("carol"));
    file.detach();
    AuditLog.write(cancelled("dave"));

    Path written = data.resolve("audit.log");
    assertThat(Files.readAllLines(written)).hasSize(3);
    assertThat(Files.readString(written)).containsSubsequence("alice", "bob", "carol");
    assertThat(Files.getPosixFilePermissions(written))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aFullFileMakesRoomForAnotherAndTheOldestGoes() throws Exception {
    file(data, 400);
    for (int i = 0; i < 100; i++) {
      AuditLog.write(cancelled("key-" + i));
    }

    try (var files = Files.list(data)) {
      assertThat(files.toList())
          .hasSize(1 + AuditFile.FILES_KEPT)
          .allSatisfy(each -> assertThat(Files.size(each)).isLessThanOrEqualTo(400))
          .allSatisfy(
              each ->
                  assertThat(Files.getPosixFilePermissions(each))
                      .isEqualTo(PosixFilePermissions.fromString("rw-------")));
    }
    assertThat(Files.readString(data.resolve("audit.log"))).contains("key-99");
    assertThat(Files.readString(data.resolve("audit.1.log"))).contains("key-97");
  }

  @Test
  void theLevelOfItsLoggerSwitchesItOff() {
    file(data, AuditFile.FILE_MAX);
    LOGGER.setLevel(Level.OFF);

    AuditLog.write(cancelled("alice"));

    assertThat(data.resolve("audit.log")).doesNotExist();
  }

  @Test
  void aFullDiskStopsNothingAndWhatWasLostIsCounted() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    Path link = Files.createSymbolicLink(data.resolve("audit.log"), Path.of("/dev/full"));
    file(data, AuditFile.FILE_MAX);

    for (int i = 0; i < 1000; i++) {
      AuditLog.write(cancelled("alice"));
    }
    Files.delete(link);
    AuditLog.write(cancelled("bob"));
    AuditLog.write(cancelled("carol"));

    assertThat(Files.readAllLines(data.resolve("audit.log")))
        .satisfiesExactly(
            line -> assertThat(line).contains("loseLines", "\"about\":\"1000\""),
            line -> assertThat(line).contains("bob"),
            line -> assertThat(line).contains("carol"));
  }

  @Test
  void aFolderThatIsNotThereStopsNothing() {
    file(data.resolve("none"), AuditFile.FILE_MAX);

    assertThatCode(() -> AuditLog.write(cancelled("alice"))).doesNotThrowAnyException();
  }
}
