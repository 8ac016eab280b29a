package dev.ponder.files;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A temporary folder that only this user can look into, by creation, and that does not outlive its
/// process for long: a lock in it says whether its owner lives, and the next process removes what
/// the dead have left.
///
/// Shared folders such as `/tmp` are full of what others put there to be followed or removed. So a
/// folder is removed only if it is ours, closed to others and has an open lock in it, and
/// everything is done relative to what was opened, never along a path.
public final class PrivateFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
  private static final String PREFIX = "ponder-";
  private static final String LOCK = "alive.lock";

  /// Deeper ones are none of ours.
  private static final int DEPTH_MAX = 16;

  private static final Set<PosixFilePermission> OURS_ALONE =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  /// Where this process has looked for what the dead have left.
  private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

  /// Of this process. Their locks are never looked at: to close a file is to give up its lock.
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lock;

  private PrivateFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /// Makes one.
  ///
  /// @param parent is made if it is not there; null is the system's folder for such things
  /// @param kind what it is for, as part of its name
  public static PrivateFolder create(@Nullable Path parent, String kind) throws IOException {
    Path place =
        parent == null
            ? Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath()
            : PrivateFiles.folder(parent).toAbsolutePath();
    Path path = Files.createTempDirectory(place, PREFIX + kind + "-");
    OWN.add(path);
    // Locked before it has its name: a lock that nobody holds is a sign of death.
    Path draft = path.resolve(LOCK + ".new");
    FileChannel lock =
        FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      lock.lock();
      Files.move(draft, path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
    if (SWEPT.add(place)) {
      sweep(place, Files.getOwner(path));
    }
    return new PrivateFolder(path, lock);
  }

  public Path path() {
    return path;
  }

  /// Removes it with all that is in it. Idempotent; what cannot be removed stays for the next
  /// process.
  @Override
  public void close() {
    try (DirectoryStream<Path> parent = Files.newDirectoryStream(path.resolveSibling(""))) {
      if (parent instanceof SecureDirectoryStream<Path> secure) {
        remove(secure, path.getFileName(), 0);
      } else {
        removeAlong(path.toFile());
      }
    } catch (IOException e) {
      LOG.debug("The folder {} stays: {}", path, e.toString());
    }
    try {
      lock.close();
      OWN.remove(path);
    } catch (IOException e) {
      LOG.debug("The lock of {} stays: {}", path, e.toString());
    }
  }

  /// Where there are no secure streams; in a folder of our own, which nobody else can change.
  private static void removeAlong(File file) {
    File[] inside = Files.isSymbolicLink(file.toPath()) ? null : file.listFiles();
    for (File each : inside == null ? new File[0] : inside) {
      removeAlong(each);
    }
    if (!file.delete()) {
      LOG.debug("{} stays", file);
    }
  }

  private static void sweep(Path place, UserPrincipal us) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(place, PREFIX + "*")) {
      if (all instanceof SecureDirectoryStream<Path> secure) {
        for (Path each : secure) {
          if (!OWN.contains(place.resolve(each.getFileName()))) {
            sweep(secure, each.getFileName(), us);
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("What dead processes left in {} stays: {}", place, e.toString());
    }
  }

  private static void sweep(SecureDirectoryStream<Path> place, Path name, UserPrincipal us) {
    try {
      if (isOfTheDead(place, name, us)) {
        remove(place, name, 0);
        LOG.debug("Removed {}, which a process left that is no more", name);
      }
    } catch (IOException e) {
      LOG.debug("{} stays: {}", name, e.toString());
    }
  }

  private static boolean isOfTheDead(SecureDirectoryStream<Path> place, Path name, UserPrincipal us)
      throws IOException {
    try (SecureDirectoryStream<Path> folder =
        place.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      PosixFileAttributes its =
          folder.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
      if (!its.owner().equals(us) || !its.permissions().equals(OURS_ALONE)) {
        return false;
      }
      Set<OpenOption> options = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      try (var channel = folder.newByteChannel(Path.of(LOCK), options)) {
        return channel instanceof FileChannel file && file.tryLock() != null;
      }
    }
  }

  private static void remove(SecureDirectoryStream<Path> parent, Path name, int depth)
      throws IOException {
    if (depth > DEPTH_MAX) {
      throw new IOException("it is deeper than %d folders".formatted(DEPTH_MAX));
    }
    try (SecureDirectoryStream<Path> folder =
        parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      boolean locked = false;
      for (Path each : names(folder)) {
        if (depth == 0 && each.toString().equals(LOCK)) {
          // Goes last, so that what could not be removed is found again.
          locked = true;
        } else if (isFolder(folder, each)) {
          remove(folder, each, depth + 1);
        } else {
          folder.deleteFile(each);
        }
      }
      if (locked) {
        folder.deleteFile(Path.of(LOCK));
      }
    }
    parent.deleteDirectory(name);
  }

  private static Collection<Path> names(SecureDirectoryStream<Path> folder) {
    List<Path> names = new ArrayList<>();
    folder.forEach(each -> names.add(each.getFileName()));
    return names;
  }

  private static boolean isFolder(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    return folder
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory();
  }
}
