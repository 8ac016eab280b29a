package dev.ponder.audit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// `audit.log` in a data folder. When it is full it becomes `audit.1.log`, and so on.
///
/// Logback's own file appender waits up to five minutes after a failure before it tries again, and
/// says nothing of what was lost meanwhile. This one tries with each line, and the first line that
/// can be written again stands behind one that counts those which could not. Nothing is forced to
/// the disk: a loss of power can take the last lines.
final class AuditFile extends UnsynchronizedAppenderBase<ILoggingEvent> {

  private static final org.slf4j.Logger log = LoggerFactory.getLogger(AuditFile.class);

  /// With all that are kept, 110 MB: half a million changes.
  static final long FILE_MAX = 10_000_000;

  static final int FILES_KEPT = 10;

  private final Path file;
  private final long fileMax;
  private final InstantSource time;
  private final ReentrantLock writing = new ReentrantLock();
  private @Nullable FileChannel end;
  private long size;
  private long lost;

  AuditFile(Path data, long fileMax, InstantSource time) {
    this.file = AuditLog.file(data);
    this.fileMax = fileMax;
    this.time = time;
    setName("audit " + file);
  }

  /// Takes the lines of the logger from now on, and lets them go nowhere else.
  void attach() {
    Logger logger = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);
    setContext(logger.getLoggerContext());
    start();
    logger.setAdditive(false);
    logger.addAppender(this);
  }

  void detach() {
    ((Logger) LoggerFactory.getLogger(AuditLog.LOGGER)).detachAppender(this);
    stop();
    writing.lock();
    try {
      close();
    } finally {
      writing.unlock();
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    writing.lock();
    try {
      String before =
          lost == 0
              ? ""
              : AuditEntry.own(time.instant(), "loseLines", Long.toString(lost), true).line()
                  + "\n";
      write(before + event.getFormattedMessage() + "\n");
      lost = 0;
    } catch (IOException e) {
      close();
      if (lost++ == 0) {
        log.error(
            "The audit log {} cannot be written ({}). Changes go on, and their lines are lost until it can.",
            file,
            String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      }
    } finally {
      writing.unlock();
    }
  }

  private void write(String lines) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII));
    FileChannel open = end;
    if (open == null) {
      open = opened();
    }
    if (size > 0 && size + bytes.remaining() > fileMax) {
      close();
      shift();
      open = opened();
    }
    while (bytes.hasRemaining()) {
      size += open.write(bytes);
    }
  }

  private FileChannel opened() throws IOException {
    FileChannel open = AuditLog.open(file);
    end = open;
    size = open.size();
    if (lost > 0 && size > 0) {
      // A line may have been cut off where the room ended.
      size += open.write(ByteBuffer.wrap(new byte[] {'\n'}));
    }
    return open;
  }

  private void shift() throws IOException {
    for (int i = FILES_KEPT; i > 0; i--) {
      Path older = i == 1 ? file : file.resolveSibling("audit." + (i - 1) + ".log");
      if (Files.exists(older)) {
        Files.move(
            older, file.resolveSibling("audit." + i + ".log"), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private void close() {
    FileChannel open = end;
    end = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        log.debug("{} was not closed", file, e);
      }
    }
  }
}
