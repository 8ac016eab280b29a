package dev.ponder.yaml;

import dev.ponder.yaml.FileMistakes.Mistake;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/// The `.yaml` and `.yml` files of one kind: those packed in the jar and those of a folder on disk.
/// A file on disk with the name of a packed one replaces it. If any file has a mistake, none is
/// used.
public final class YamlFolder {

  private static final int MOST_FILES = 200;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final String NAMES =
      "a name of 1 to 64 lower-case letters, digits, dots, hyphens and underscores";

  private final String packed;
  private final String kind;
  private final String setting;
  private final List<Mistake> mistakes = new ArrayList<>();

  /// @param packed the folder inside the jar, which is also the default folder on disk
  /// @param kind what one file is, in messages: `pipeline`
  /// @param setting the property that names the folder on disk
  public YamlFolder(String packed, String kind, String setting) {
    this.packed = packed;
    this.kind = kind;
    this.setting = setting;
  }

  /// Reads all files and adds nothing of its own to what `reader` tells.
  ///
  /// @param folder on disk; the default folder may be missing
  /// @throws FileMistakes with every mistake in every file
  public <T> Map<String, T> read(String folder, Function<YamlFile, T> reader) {
    mistakes.clear();
    Map<String, Found> files = new TreeMap<>(packed());
    files.putAll(onDisk(folder));
    Map<String, T> read = new TreeMap<>();
    files.forEach((name, file) -> read(name, file, reader, read));
    if (!mistakes.isEmpty()) {
      throw new FileMistakes(mistakes);
    }
    return read;
  }

  private <T> void read(
      String name, Found file, Function<YamlFile, T> reader, Map<String, T> into) {
    try {
      String text = YamlDocument.text(file.bytes(), new Mistakes(file.shown()));
      into.put(name, reader.apply(new YamlFile(file.shown(), name, text)));
    } catch (FileMistakes refused) {
      mistakes.addAll(refused.mistakes());
    } catch (IOException unreadable) {
      String why = "a file that cannot be read (%s)".formatted(unreadable.getMessage());
      mistakes.add(new Mistake(file.shown(), 0, "the file", why, "a readable file"));
    }
  }

  private Map<String, Found> packed() {
    var resolver = new PathMatchingResourcePatternResolver();
    try {
      return byName(
          Stream.of("yaml", "yml")
              .flatMap(ending -> resources(resolver, "classpath:" + packed + "/*." + ending))
              .map(file -> new Found(packed + "/" + file.getFilename(), file))
              .toList());
    } catch (UncheckedIOException unreadable) {
      throw new IllegalStateException(
          "The %ss packed with Ponder cannot be listed; is its jar complete?".formatted(kind),
          unreadable);
    }
  }

  private static Stream<Resource> resources(
      PathMatchingResourcePatternResolver resolver, String pattern) {
    try {
      return Arrays.stream(resolver.getResources(pattern));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private Map<String, Found> onDisk(String folder) {
    Path path = Path.of(folder);
    if (Files.notExists(path) && folder.equals(packed)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return byName(
          files
              .filter(file -> file.toString().matches(".*\\.ya?ml") && Files.isRegularFile(file))
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .sorted()
              .limit(MOST_FILES + 1L)
              .map(file -> new Found(file.toString(), new FileSystemResource(file)))
              .toList());
    } catch (IOException | UncheckedIOException unreadable) {
      String found = Mistakes.quoted(folder) + ", which is no folder that can be read";
      mistakes.add(new Mistake(folder, 0, setting, found, "a readable folder"));
      return Map.of();
    }
  }

  private Map<String, Found> byName(List<Found> files) {
    if (files.size() > MOST_FILES) {
      String folder = Path.of(files.getFirst().shown()).getParent().toString();
      String accepted = "at most %d files in the folder".formatted(MOST_FILES);
      mistakes.add(new Mistake(folder, 0, setting, "more %ss".formatted(kind), accepted));
      return Map.of();
    }
    Map<String, Found> named = new HashMap<>();
    for (Found file : files) {
      Found other = named.putIfAbsent(file.name(), file);
      if (other != null) {
        String found = "the name '%s', which %s has too".formatted(file.name(), other.shown());
        String accepted = "one file for each %s name".formatted(kind);
        mistakes.add(new Mistake(file.shown(), 0, "the file", found, accepted));
      } else if (!NAME.matcher(file.name()).matches()) {
        String found = "the name " + Mistakes.quoted(file.name());
        mistakes.add(new Mistake(file.shown(), 0, "the file", found, NAMES));
      }
    }
    return named;
  }

  /// A file to be read.
  ///
  /// @param shown its place, as messages call it
  /// @param name its name without the ending
  /// @param text in its canonical form
  public record YamlFile(String shown, String name, String text) {}

  private record Found(String shown, Resource content) {

    String name() {
      String file = shown.substring(Math.max(shown.lastIndexOf('/'), shown.lastIndexOf('\\')) + 1);
      return file.substring(0, file.lastIndexOf('.'));
    }

    /// One byte more than allowed is enough to refuse a file that is too long.
    byte[] bytes() throws IOException {
      try (InputStream stream = content.getInputStream()) {
        return stream.readNBytes(YamlDocument.MAX_BYTES + 1);
      }
    }
  }
}
