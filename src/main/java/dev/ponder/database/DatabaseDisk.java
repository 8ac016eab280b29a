package dev.ponder.database;

import dev.ponder.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/// The disk that an H2 file is on: whether it has room, and how often the file has failed.
final class DatabaseDisk {

  /// SQLSTATE `disk_full`, which PostgreSQL has made known.
  static final String DISK_FULL = "53100";

  private static final String SUFFIX = ".mv.db";

  /// What was free so long ago is taken for what is free now. In that time a fast disk takes less
  /// than the default reserve.
  private static final Duration KNOWN_FOR = Duration.ofMillis(100);

  /// Opening the database again is tried by whoever needs it, and may fail as often.
  private static final Duration SAID_EVERY = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(DatabaseDisk.class);

  /// H2 makes its file systems itself, and they know their path only.
  private static final Map<String, DatabaseDisk> KNOWN = new ConcurrentHashMap<>();

  private final Path folder;
  private final DataSize reserve;
  private final boolean forceWrites;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile long free = Long.MAX_VALUE;
  private volatile long lookedAt = System.nanoTime() - KNOWN_FOR.toNanos();
  private volatile long saidAt = System.nanoTime() - SAID_EVERY.toNanos();

  private DatabaseDisk(Path folder, DatabaseSettings settings) {
    this.folder = folder;
    this.reserve = settings.diskReserve();
    this.forceWrites = settings.forceWrites();
  }

  /// The disk of a database, which [FailFastFiles] finds from now on.
  ///
  /// @param database its path as it stands in the URL, without the suffix of the file
  static DatabaseDisk of(String database, DatabaseSettings settings) throws IOException {
    FilePath file = FilePath.get(database + SUFFIX);
    Path folder = Path.of(onDisk(file)).toAbsolutePath().getParent();
    PrivateFiles.folder(folder);
    var disk = new DatabaseDisk(folder, settings);
    KNOWN.put(onDisk(file.toRealPath()), disk);
    return disk;
  }

  /// The file of a database.
  ///
  /// @param database its path as it stands in the URL, without the suffix of the file
  static Path file(String database) {
    return Path.of(onDisk(FilePath.get(database + SUFFIX))).toAbsolutePath();
  }

  /// The disk of the database that a file belongs to.
  static @Nullable DatabaseDisk under(FilePath file) {
    return KNOWN.get(onDisk(file));
  }

  private static String onDisk(FilePath file) {
    FilePath path = file;
    while (path instanceof FilePathWrapper wrapper) {
      path = wrapper.unwrap();
    }
    return path.toString();
  }

  /// Whether a write is over only when the disk itself has it.
  boolean forcesWrites() {
    return forceWrites;
  }

  /// Whether less than the reserve is free.
  boolean lacksRoom() {
    return free() < reserve.toBytes();
  }

  /// What whoever wants to write is told then, of state [#DISK_FULL].
  SQLException full() {
    return new SQLException(
        "The disk of the database (%s) has %d MB free, and Ponder writes only while %d MB are (ponder.database.disk-reserve). Nothing is lost. Free some space on it."
            .formatted(folder, DataSize.ofBytes(free).toMegabytes(), reserve.toMegabytes()),
        DISK_FULL);
  }

  private long free() {
    long now = System.nanoTime();
    if (now - lookedAt >= KNOWN_FOR.toNanos()) {
      try {
        free = Files.getFileStore(folder).getUsableSpace();
      } catch (IOException e) {
        // Whoever writes finds out what the matter is, and says so.
        free = Long.MAX_VALUE;
      }
      lookedAt = now;
    }
    return free;
  }

  /// The database's file has failed and is closed for it.
  void failed(IOException why) {
    failures.incrementAndGet();
    long now = System.nanoTime();
    if (now - saidAt >= SAID_EVERY.toNanos()) {
      saidAt = now;
      log.error(
          "The file of the database in {} has failed ({}): the database is closed, and opened again as soon as it can be. What was committed is in the file",
          folder,
          why.toString());
    }
  }

  /// How often the database was closed because its file failed. A connection from before leads to a
  /// database that is no more.
  int failures() {
    return failures.get();
  }
}
