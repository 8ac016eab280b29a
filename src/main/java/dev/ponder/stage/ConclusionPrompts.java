package dev.ponder.stage;

import com.samskivert.mustache.Template;
import dev.ponder.yaml.Mistakes;
import dev.ponder.yaml.Section;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/// The prompts for a conclusion, or for a line of it, that is asked for in a request of its own: of
/// a model that cannot go on behind a thought that was closed for it.
///
/// A file that says nothing about them, such as one from before they could be said, gets those of
/// `prompts/` on the class path.
public final class ConclusionPrompts {

  private static final String KEY = "asks";
  private static final String CONCLUSION = "conclusion";
  private static final String LINE = "missingLine";
  private static final Set<String> KEYS = PipelineReader.names(CONCLUSION, LINE);

  private final Template conclusion;
  private final Template missingLine;

  private ConclusionPrompts(Template conclusion, Template missingLine) {
    this.conclusion = conclusion;
    this.missingLine = missingLine;
  }

  /// The `asks` section of a file, or null after telling the mistakes in it.
  static @Nullable ConclusionPrompts read(Mistakes mistakes, Section root) {
    Section section = root.has(KEY) ? root.section(KEY, "key", KEYS) : null;
    if (root.has(KEY) && section == null) {
      return null;
    }
    Template conclusion =
        template(mistakes, section, CONCLUSION, "conclusion", List.of("prompt", "thought"));
    Template line =
        template(mistakes, section, LINE, "missing-line", List.of("prompt", "conclusion", "line"));
    return conclusion == null || line == null ? null : new ConclusionPrompts(conclusion, line);
  }

  private static @Nullable Template template(
      Mistakes mistakes,
      @Nullable Section section,
      String key,
      String resource,
      List<String> names) {
    if (section == null || !section.has(key)) {
      return MustachePrompt.compile(resource(resource));
    }
    String text = section.text(key, TemplateTags.LONGEST);
    Node node = section.node(key);
    return text == null || node == null
        ? null
        : TemplateTags.compile(mistakes, section.path(key), node, text, names);
  }

  private static String resource(String name) {
    try (InputStream file =
        ConclusionPrompts.class.getResourceAsStream("/prompts/" + name + ".mustache")) {
      if (file == null) {
        throw new IllegalStateException("prompts/" + name + ".mustache is missing");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("prompts/" + name + ".mustache is not readable", e);
    }
  }

  /// @param prompt what the thought was asked
  /// @param thought as far as it came
  public String conclusion(String prompt, String thought) {
    return conclusion.execute(Map.of("prompt", prompt, "thought", thought)).strip();
  }

  /// @param prompt what the thought was asked
  /// @param line what the missing line begins with
  public String missingLine(String prompt, String conclusion, String line) {
    return missingLine
        .execute(Map.of("prompt", prompt, "conclusion", conclusion, "line", line))
        .strip();
  }
}
