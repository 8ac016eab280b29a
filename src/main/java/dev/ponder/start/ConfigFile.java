package dev.ponder.start;

import dev.ponder.files.FileTrouble;
import dev.ponder.files.PrivateFiles;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/// A file of settings, looked at before Spring reads it: its own complaints name no file, and quote
/// lines, which may hold keys.
public final class ConfigFile {

  /// The endings that Spring knows.
  private static final String YAML = ".*\\.ya?ml";

  private static final String PROPERTIES = ".*\\.(properties|xml)";

  private static final String READ_UNASKED = "{application*,config,stage-configs,model-profiles}";

  /// Where Spring looks of its own accord.
  private static Stream<String> places() {
    return Stream.of("", "config/")
        .flatMap(
            folder ->
                Stream.of("yaml", "yml", "properties").map(it -> folder + "application." + it));
  }

  private ConfigFile() {}

  /// What keeps a file from being read, if anything does: a sentence that begins with its name.
  public static Optional<String> mistake(Path file) {
    String what = said(file);
    return what == null ? Optional.empty() : Optional.of(file + ": " + what);
  }

  /// The first mistake in a file that Spring reads without being told.
  static Optional<String> mistakeNearby() {
    return places()
        .map(Path::of)
        .filter(Files::isRegularFile)
        .flatMap(file -> mistake(file).stream())
        .findFirst();
  }

  /// A sentence about what another user has put where Spring and Ponder read settings without being
  /// told. Only a folder such as `/tmp` lets others do so.
  public static Optional<String> planted(Path folder) {
    try {
      if (!PrivateFiles.isForEverybody(folder)) {
        return Optional.empty();
      }
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, READ_UNASKED)) {
        for (Path each : found) {
          Optional<String> owner = PrivateFiles.stranger(each);
          if (owner.isPresent()) {
            return Optional.of(
                "%s would be read from here, and user %s has put it there: every user can put files into %s. Start Ponder in another folder."
                    .formatted(each.getFileName(), owner.get(), folder.toAbsolutePath()));
          }
        }
      }
      return Optional.empty();
    } catch (IOException notTold) {
      return Optional.empty();
    }
  }

  private static @Nullable String said(Path file) {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    if (!Files.exists(file)) {
      return "there is no such file that can be read.";
    }
    if (!Files.isRegularFile(file)) {
      return Files.isDirectory(file)
          ? "it is a folder; name the file in it."
          : "it is no regular file.";
    }
    if (!name.matches(YAML) && !name.matches(PROPERTIES)) {
      return "its name has to end in .yaml, .yml or .properties, which says how it is read.";
    }
    String text;
    try {
      byte[] bytes = Files.readAllBytes(file);
      text = name.matches(YAML) ? utf8(bytes) : new String(bytes, StandardCharsets.ISO_8859_1);
      if (text == null) {
        return "it is not written in UTF-8: line %d has bytes that are none. Save it as UTF-8."
            .formatted(lineOfOthers(bytes));
      }
    } catch (IOException e) {
      return "it cannot be read: " + FileTrouble.in(e) + ".";
    }
    return name.matches(YAML) ? inYaml(text) : name.endsWith(".xml") ? null : inProperties(text);
  }

  private static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int lineOfOthers(byte[] bytes) {
    int line = 1;
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '\n') {
        if (utf8(java.util.Arrays.copyOfRange(bytes, start, i)) == null) {
          return line;
        }
        start = i + 1;
        line++;
      }
    }
    return line;
  }

  private static @Nullable String inYaml(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      for (Object document : new Yaml(new SafeConstructor(options)).loadAll(text)) {
        if (document != null && !(document instanceof Map)) {
          return "it holds %s, and has to hold settings such as 'ponder.deadline: 10m', one a line."
              .formatted(document instanceof Iterable ? "a list" : "words without a colon");
        }
      }
      return null;
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      return mark == null
          ? "it is no YAML."
          : "it is no YAML: line %d, column %d: %s."
              .formatted(mark.getLine() + 1, mark.getColumn() + 1, problem(e));
    } catch (YAMLException e) {
      return "it is no YAML that can be read. It may hold a control character, or too much.";
    } catch (RuntimeException e) {
      return "it is no YAML that can be read.";
    }
  }

  /// The words of the parser that quote nothing but single characters.
  private static String problem(MarkedYAMLException e) {
    String said = e.getProblem() == null ? "" : e.getProblem().lines().findFirst().orElse("");
    if (said.contains("\\t(TAB)")) {
      return "a tab; YAML is indented with spaces";
    }
    if (said.startsWith("found duplicate key")) {
      return said.replaceFirst("found duplicate key (.*)", "the key '$1' stands there twice");
    }
    if (said.startsWith("could not determine a constructor")) {
      return "a tag; settings are plain text, numbers, true or false";
    }
    return said.isBlank() ? "it cannot be parsed" : said.replaceAll("\\.$", "");
  }

  private static @Nullable String inProperties(String text) {
    try {
      new Properties().load(new StringReader(text));
      return null;
    } catch (IOException | IllegalArgumentException e) {
      return "it cannot be read: it has a \\u that no four hexadecimal digits follow.";
    }
  }
}
