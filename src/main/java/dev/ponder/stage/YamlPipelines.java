package dev.ponder.stage;

import dev.ponder.stage.PipelineMistakes.Mistake;
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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/// The pipelines of `stage-configs/` in the jar and of the folder on disk, read once at start-up.
// If
/// any file has a mistake, none is used and the service does not start.
@Component
public final class YamlPipelines implements Pipelines {

  private static final int MOST_FILES = 200;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final String NAMES =
      "a name of 1 to 64 lower-case letters, digits, dots, hyphens and underscores";
  private static final String SETTING = "ponder.pipelines-folder";

  private final SortedMap<String, Pipeline> pipelines = new TreeMap<>();
  private final List<Mistake> mistakes = new ArrayList<>();

  public YamlPipelines(PipelineSettings settings) {
    Map<String, PipelineFile> files = new TreeMap<>(packed());
    files.putAll(onDisk(settings.pipelinesFolder()));
    files.forEach(this::read);
    if (!mistakes.isEmpty()) {
      throw new PipelineMistakes(mistakes);
    }
  }

  @Override
  public Optional<Pipeline> find(String name) {
    return Optional.ofNullable(pipelines.get(name));
  }

  @Override
  public List<Pipeline> all() {
    return List.copyOf(pipelines.values());
  }

  @Override
  public Pipeline parse(String name, String source) {
    return PipelineReader.read(name, name, YamlDocument.canonical(source));
  }

  private void read(String name, PipelineFile file) {
    try {
      String text = YamlDocument.text(file.bytes(), new Mistakes(file.shown()));
      pipelines.put(name, PipelineReader.read(file.shown(), name, text));
    } catch (PipelineMistakes refused) {
      mistakes.addAll(refused.mistakes());
    } catch (IOException unreadable) {
      String why = "a file that cannot be read (%s)".formatted(unreadable.getMessage());
      mistakes.add(new Mistake(file.shown(), 0, "the file", why, "a readable file"));
    }
  }

  private Map<String, PipelineFile> packed() {
    var resolver = new PathMatchingResourcePatternResolver();
    try {
      return byName(
          Stream.of("yaml", "yml")
              .flatMap(ending -> resources(resolver, "classpath*:stage-configs/*." + ending))
              .map(file -> new PipelineFile("stage-configs/" + file.getFilename(), file))
              .toList());
    } catch (UncheckedIOException unreadable) {
      throw new IllegalStateException(
          "The pipelines packed with Ponder cannot be listed; is its jar complete?", unreadable);
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

  private Map<String, PipelineFile> onDisk(String folder) {
    Path path = Path.of(folder);
    if (Files.notExists(path) && folder.equals(PipelineSettings.DEFAULT_FOLDER)) {
      return Map.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return byName(
          files
              .filter(file -> file.toString().matches(".*\\.ya?ml") && Files.isRegularFile(file))
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .sorted()
              .limit(MOST_FILES + 1L)
              .map(file -> new PipelineFile(file.toString(), new FileSystemResource(file)))
              .toList());
    } catch (IOException | UncheckedIOException unreadable) {
      String found = Mistakes.quoted(folder) + ", which is no folder that can be read";
      mistakes.add(new Mistake(folder, 0, SETTING, found, "a readable folder"));
      return Map.of();
    }
  }

  private Map<String, PipelineFile> byName(List<PipelineFile> files) {
    if (files.size() > MOST_FILES) {
      String folder = Path.of(files.getFirst().shown()).getParent().toString();
      String accepted = "at most %d files in the folder".formatted(MOST_FILES);
      mistakes.add(new Mistake(folder, 0, SETTING, "more pipelines", accepted));
      return Map.of();
    }
    Map<String, PipelineFile> named = new HashMap<>();
    for (PipelineFile file : files) {
      PipelineFile other = named.putIfAbsent(file.name(), file);
      if (other != null) {
        String found = "the name '%s', which %s has too".formatted(file.name(), other.shown());
        mistakes.add(
            new Mistake(file.shown(), 0, "the file", found, "one file for each pipeline name"));
      } else if (!NAME.matcher(file.name()).matches()) {
        String found = "the name " + Mistakes.quoted(file.name());
        mistakes.add(new Mistake(file.shown(), 0, "the file", found, NAMES));
      }
    }
    return named;
  }

  /// A file before it is read.
  ///
  /// @param shown its place, as messages call it
  private record PipelineFile(String shown, Resource content) {

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
