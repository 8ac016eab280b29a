package dev.ponder.files;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Files that nobody but their owner reads or writes, from the moment they are made.
///
/// The files are made by many hands: by H2, by libraries, by model servers that run as children. So
/// it is the process that is told, once, before it makes any (`umask 077`), and its children
/// inherit that. Windows has no such thing: there a file has the rights of its folder.
public final class PrivateFiles {

  private static final int OF_OTHERS = 077;

  private static final int STICKY = 01000;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private static final Path STATUS = Path.of("/proc/self/status");

  private PrivateFiles() {}

  /// Lets this process and its children make private files only, from now on. Costs nothing where
  /// the script `ponder` has done it.
  ///
  /// @return false where the system knows no such thing, or does not let us say it
  @SuppressWarnings("restricted")
  public static boolean only() {
    if (!posix()) {
      return false;
    }
    if (alreadySo()) {
      return true;
    }
    try {
      Linker linker = Linker.nativeLinker();
      int before =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().find("umask").orElseThrow(),
                      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                  .invokeExact(OF_OTHERS);
      return before >= 0;
    } catch (VirtualMachineError serious) {
      throw serious;
    } catch (Throwable notHere) {
      return false;
    }
  }

  /// Linux tells the mask without being asked to change it.
  private static boolean alreadySo() {
    if (!Files.isReadable(STATUS)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("Umask:"))
          .anyMatch(
              line -> (Integer.parseInt(line.substring(6).strip(), 8) & OF_OTHERS) == OF_OTHERS);
    } catch (IOException | RuntimeException unreadable) {
      return false;
    }
  }

  /// Makes a folder, and those above it that are missing, for the owner alone. One that is there
  /// stays as it is.
  public static Path folder(Path folder) throws IOException {
    return Files.createDirectories(folder, ownerOnly());
  }

  private static FileAttribute<?>[] ownerOnly() {
    return posix()
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  /// Takes from others what they may do with a file or folder of ours.
  ///
  /// @return whether there was anything to take
  public static boolean tighten(Path path) throws IOException {
    if (!posix()) {
      return false;
    }
    PosixFileAttributes now = attributes(path);
    if (now.isSymbolicLink() || !othersMay(now)) {
      return false;
    }
    Set<PosixFilePermission> kept = EnumSet.copyOf(OWNER_ONLY);
    kept.retainAll(now.permissions());
    Files.setPosixFilePermissions(path, kept);
    return true;
  }

  /// Whether anybody but its owner may do anything with a file or folder.
  public static boolean isOpen(Path path) throws IOException {
    return posix() && othersMay(attributes(path));
  }

  private static boolean othersMay(PosixFileAttributes file) {
    return !OWNER_ONLY.containsAll(file.permissions());
  }

  /// Who owns a file or folder, if that is neither this user nor the administrator.
  public static Optional<String> stranger(Path path) throws IOException {
    if (!posix()) {
      return Optional.empty();
    }
    UserPrincipal owner = attributes(path).owner();
    return owner.equals(self()) || uid(path) == 0 ? Optional.empty() : Optional.of(owner.getName());
  }

  /// Why what a file says is not believed: somebody else could have written it. The file and its
  /// folder have to belong to this user, and nobody else may write there.
  ///
  /// @return the end of a sentence that begins with the file
  public static Optional<String> whyNotOurs(Path file) throws IOException {
    if (!posix()) {
      return Optional.empty();
    }
    PosixFileAttributes of = attributes(file);
    if (of.isSymbolicLink()) {
      return Optional.of("is a symbolic link");
    }
    if (!of.isRegularFile()) {
      return Optional.of("is no regular file");
    }
    if (!of.owner().equals(self())) {
      return Optional.of("belongs to user " + of.owner().getName());
    }
    if (othersWrite(of)) {
      return Optional.of("can be written by other users");
    }
    Path folder = file.toAbsolutePath().getParent().toRealPath();
    PosixFileAttributes above = attributes(folder);
    if (!above.owner().equals(self()) && uid(folder) != 0) {
      return Optional.of("is in a folder of user " + above.owner().getName());
    }
    return othersWrite(above)
        ? Optional.of("is in a folder that other users can write to")
        : Optional.empty();
  }

  private static boolean othersWrite(PosixFileAttributes of) {
    return of.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || of.permissions().contains(PosixFilePermission.OTHERS_WRITE);
  }

  /// Whether every user may put files into a folder, as into `/tmp`.
  public static boolean isForEverybody(Path folder) throws IOException {
    return posix() && attributes(folder).permissions().contains(PosixFilePermission.OTHERS_WRITE);
  }

  /// Whether files in a folder can be removed by their owners only, as in `/tmp`.
  public static boolean isSticky(Path folder) throws IOException {
    return posix() && ((Integer) Files.getAttribute(folder, "unix:mode") & STICKY) != 0;
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static int uid(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /// The user of this process. Linux says it by the owner of what it shows of the process, also
  /// where the user has no name.
  private static UserPrincipal self() throws IOException {
    try {
      return Files.getOwner(Path.of("/proc/self"));
    } catch (NoSuchFileException noProc) {
      return FileSystems.getDefault()
          .getUserPrincipalLookupService()
          .lookupPrincipalByName(System.getProperty("user.name"));
    }
  }

  /// The number of this process's user; -1 where it is not told.
  public static int user() {
    try {
      return uid(Path.of("/proc/self").toRealPath());
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException notTold) {
      return -1;
    }
  }

  private static boolean posix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
