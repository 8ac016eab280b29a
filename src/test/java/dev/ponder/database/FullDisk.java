package dev.ponder.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/// A disk for H2's files that can be full. What H2 makes of a failed write is its own.
public final class FullDisk extends FilePathWrapper {

  private static final String SCHEME = "fulldisk";

  private static final AtomicInteger FORCES = new AtomicInteger();
  private static volatile boolean full;

  /// The settings of a service on a file of this disk.
  public static List<String> settings(Path data) {
    FilePath.register(new FullDisk());
    full = false;
    return List.of(
        "ponder.data=" + data,
        "spring.datasource.url=jdbc:h2:%s:%s/ponder;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
            .formatted(SCHEME, data));
  }

  /// From now on no file can be written, until [#hasSpace].
  public static void isFull() {
    full = true;
  }

  public static void hasSpace() {
    full = false;
  }

  /// How often a file was forced to the disk so far.
  public static int forces() {
    return FORCES.get();
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new File(getBase().open(mode));
  }

  private static final class File extends FileBaseDefault {
    private final FileChannel channel;

    File(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      return channel.write(source, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return channel.read(target, position);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      FORCES.incrementAndGet();
      channel.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return channel.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      channel.close();
    }
  }
}
