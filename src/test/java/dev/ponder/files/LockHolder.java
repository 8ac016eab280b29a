package dev.ponder.files;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A process that holds a lock until it is ended.
final class LockHolder {
  private LockHolder() {}

  public static void main(String[] args) throws Exception {
    try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      System.out.println("locked");
      while (lock.isValid() && System.in.read() >= 0) {
        // Until the test ends this process.
      }
    }
  }
}
