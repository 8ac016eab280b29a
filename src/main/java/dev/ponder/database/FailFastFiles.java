package dev.ponder.database;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

/// A file system for H2, `failfast:` in front of a path. The first write that fails closes a
/// database's file, before H2 hears of it: what is in it stays as it is, and no part of H2 that has
/// not heard yet writes behind a gap. So does anything done by a thread that is interrupted,
/// because Java closes the file below then. H2 makes it by its name.
public final class FailFastFiles extends FilePathWrapper {

  static final String SCHEME = "failfast";

  static void register() {
    FilePath.register(new FailFastFiles());
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    FileChannel channel = getBase().open(mode);
    @Nullable DatabaseDisk disk = DatabaseDisk.under(this);
    return disk == null ? channel : new File(channel, disk);
  }

  private interface Change<T> {
    T make() throws IOException;
  }

  private static final class File extends FileBaseDefault {
    private final FileChannel channel;
    private final DatabaseDisk disk;

    File(FileChannel channel, DatabaseDisk disk) {
      this.channel = channel;
      this.disk = disk;
    }

    private <T> T orClosed(Change<T> change) throws IOException {
      try {
        return change.make();
      } catch (IOException failed) {
        fail(failed);
        throw failed;
      }
    }

    private void fail(IOException why) throws IOException {
      if (isOpen()) {
        disk.failed(why);
        close();
      }
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      return orClosed(
          () -> {
            int written = channel.write(source, position);
            if (disk.forcesWrites()) {
              channel.force(false);
            }
            return written;
          });
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      orClosed(() -> channel.truncate(size));
    }

    @Override
    public void force(boolean metaData) throws IOException {
      orClosed(
          () -> {
            channel.force(metaData);
            return this;
          });
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      try {
        return channel.read(target, position);
      } catch (ClosedChannelException closed) {
        fail(closed);
        throw closed;
      }
    }

    @Override
    public long size() throws IOException {
      return channel.size();
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
