package dev.ponder.start;

import dev.ponder.files.FileTrouble;
import dev.ponder.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that a data folder is its owner's alone. One that was made before, or by somebody
/// else's hand, may be open to others: it is closed. One that holds folders of others (`--data .`,
/// `/srv`) is left as it is, because closing that would take it from them.
final class DataFolderRights {

  private static final Logger log = LoggerFactory.getLogger(DataFolderRights.class);

  /// What only a folder of Ponder's has.
  private static final List<String> SIGNS = List.of("ponder.mv.db", "service.json", "ponder.log");

  private static final List<String> FOLDERS = List.of("models", "kv-snapshots");

  /// What Ponder puts into its folder: the database and its log, `service.json`, models, snapshots.
  private static final String OURS = "{ponder.*,service.json*,models,kv-snapshots}";

  /// A folder with more files than this is not only Ponder's.
  private static final int FILES_MAX = 100_000;

  private DataFolderRights() {}

  /// @throws CannotStart if the folder is another user's, or everybody can put files into it
  static void check(Path data) {
    try {
      Path folder = data.toRealPath();
      Optional<String> owner = PrivateFiles.stranger(folder);
      if (owner.isPresent()) {
        throw new CannotStart(
            "The data folder %s (ponder.data) belongs to user %s, who could read and change everything in it."
                .formatted(data, owner.get()),
            "Start Ponder as that user, make the folder yours (chown), or choose another with --data"
                + " DIR.");
      }
      boolean isPonders =
          SIGNS.stream().anyMatch(sign -> Files.exists(folder.resolve(sign)))
              || !hasFoldersOfOthers(folder);
      if (PrivateFiles.isForEverybody(folder) && (PrivateFiles.isSticky(folder) || !isPonders)) {
        throw new CannotStart(
            "The data folder %s (ponder.data) is one that every user can put files into."
                .formatted(data),
            "Choose a folder of its own with --data DIR; Ponder makes it.");
      }
      refuseStrangers(data, folder);
      if (isPonders) {
        close(data, folder);
      } else if (PrivateFiles.isOpen(folder)) {
        log.warn(
            "The data folder {} holds files of others too, so it stays as open as it is. What Ponder makes in it is for its user alone",
            data);
      }
    } catch (IOException e) {
      log.warn(
          "Who may read the data folder {} cannot be found out or changed ({}). Let nobody else read it.",
          data,
          FileTrouble.in(e));
    }
  }

  /// A project, a home or `/srv` has folders; a folder that was made for Ponder has only Ponder's.
  private static boolean hasFoldersOfOthers(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)
            && !FOLDERS.contains(each.getFileName().toString())) {
          return true;
        }
      }
      return false;
    }
  }

  /// A database of another user's making would be opened, and run what stands in it.
  private static void refuseStrangers(Path data, Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, OURS)) {
      for (Path each : files) {
        Optional<String> owner = PrivateFiles.stranger(each);
        if (owner.isPresent()) {
          throw new CannotStart(
              "In the data folder %s (ponder.data) %s belongs to user %s, and Ponder opens nothing of others."
                  .formatted(data, each.getFileName(), owner.get()),
              "Make it yours (chown) if you know it, remove it, or choose another folder with --data"
                  + " DIR.");
        }
      }
    }
  }

  private static void close(Path data, Path folder) throws IOException {
    int[] closed = {PrivateFiles.tighten(folder) ? 1 : 0};
    int[] seen = {0};
    var ours = new ArrayList<Path>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, OURS)) {
      files.forEach(ours::add);
    }
    for (Path each : ours) {
      Files.walkFileTree(
          each,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
                throws IOException {
              return visitFile(path, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
                throws IOException {
              closed[0] += PrivateFiles.tighten(path) ? 1 : 0;
              return ++seen[0] < FILES_MAX ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException gone) throws IOException {
              if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw gone;
              }
              return FileVisitResult.CONTINUE;
            }
          });
    }
    if (closed[0] > 0) {
      log.info(
          "Other users could read {} files and folders of the data folder {}. From now on only its owner can",
          closed[0],
          data);
    }
  }
}
