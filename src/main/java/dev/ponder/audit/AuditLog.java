package dev.ponder.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The audit log: the logger `ponder.audit`, which a service writes to `<data>/audit.log`
/// ([AuditFile]). It can be switched off, or sent elsewhere, as any logger.
public final class AuditLog {

  /// The name of the logger.
  public static final String LOGGER = "ponder.audit";

  private static final Logger log = LoggerFactory.getLogger(LOGGER);
  private static final String NAME = "audit.log";

  private AuditLog() {}

  /// Writes a line. That it cannot be written stops nothing.
  public static void write(AuditEntry entry) {
    if (log.isInfoEnabled()) {
      log.info("{}", entry.line());
    }
  }

  static Path file(Path data) {
    return data.resolve(NAME);
  }

  /// Adds a line to the file of a data folder, for a process that is no service. Lines of several
  /// processes do not mix.
  public static void append(Path data, AuditEntry entry) throws IOException {
    byte[] line = (entry.line() + "\n").getBytes(StandardCharsets.US_ASCII);
    try (FileChannel end = open(file(data))) {
      end.write(ByteBuffer.wrap(line));
    }
  }

  /// Opens the file at its end. If it is not there it is made, for its owner alone.
  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), forOwner());
  }

  private static FileAttribute<?>[] forOwner() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
