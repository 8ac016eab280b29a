package dev.ponder.stage;

import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import dev.ponder.text.Nearest;
import dev.ponder.yaml.Mistakes;
import dev.ponder.yaml.Section;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Checks a template tag by tag: a name that does not exist would otherwise come to light only when
/// a job reaches it.
final class TemplateTags {

  static final int LONGEST = 20_000;

  /// Sections in each other at most; compiling and rendering are recursive.
  private static final int DEEPEST = 8;

  /// Up to the first two braces, as the template library reads it: one brace can be in a name.
  private static final Pattern TAG =
      Pattern.compile("(?s)\\{\\{\\{?[ \\t]*([#^/&!<>=$]?)(.*?)\\}\\}");

  private static final List<String> FACTS =
      List.of(
          "prompt",
          "analysis",
          "earlier",
          "branches",
          "synthesis",
          "candidate",
          "verification",
          "verified",
          "confidence",
          "revisit",
          "branch",
          "branchCount",
          "mode",
          "angle");

  private static final List<String> BRANCH_FACTS =
      List.of("number", "conclusion", "answer", "reasoning", "-first", "-last");

  private final Mistakes mistakes;
  private final String key;
  private final Node node;
  private final String template;
  private final List<String> facts;
  private final Deque<Opened> open = new ArrayDeque<>();
  private boolean fine = true;

  private TemplateTags(
      Mistakes mistakes, String key, Node node, String template, List<String> facts) {
    this.mistakes = mistakes;
    this.key = key;
    this.node = node;
    this.template = template;
    this.facts = facts;
  }

  /// The compiled template of a stage, or null after telling its mistakes.
  static @Nullable Template compile(Mistakes mistakes, String key, Node node, String template) {
    List<String> names = new ArrayList<>(FACTS);
    Arrays.stream(Switch.values()).map(Switch::key).forEach(names::add);
    return compile(mistakes, key, node, template, names);
  }

  /// The compiled template, or null after telling its mistakes.
  ///
  /// @param names what it may name
  static @Nullable Template compile(
      Mistakes mistakes, String key, Node node, String template, List<String> names) {
    TemplateTags tags = new TemplateTags(mistakes, key, node, template, names);
    tags.check();
    if (!tags.fine) {
      return null;
    }
    try {
      return MustachePrompt.compile(template);
    } catch (MustacheException broken) {
      String why = "a broken template (%s)".formatted(broken.getMessage());
      mistakes.add(node, key, why.replace('\n', ' '), "a mustache template");
      return null;
    }
  }

  private void check() {
    Matcher tag = TAG.matcher(template);
    while (tag.find() && fine) {
      String name = tag.group(2).strip();
      switch (tag.group(1)) {
        case "!" -> {
          // A comment.
        }
        case "#", "^" -> {
          known(tag.start(), name);
          open.push(new Opened(name, tag.start()));
          if (open.size() > DEEPEST) {
            tell(tag.start(), "deeper sections", "at most " + DEEPEST + " sections in each other");
          }
        }
        case "/" -> close(tag.start(), name);
        case "", "&" -> known(tag.start(), name);
        default -> tell(tag.start(), shown(tag.group()), "variables, sections and comments");
      }
    }
    if (fine && !open.isEmpty()) {
      Opened last = open.getFirst();
      tell(
          last.at(),
          "section %s without its end".formatted(last.name()),
          "{{/%s}}".formatted(last.name()));
    }
  }

  private void close(int at, String name) {
    Opened expected = open.poll();
    if (expected == null || !name.equals(expected.name())) {
      String accepted =
          expected == null ? "no end of a section" : "{{/%s}}".formatted(expected.name());
      tell(at, shown("{{/%s}}".formatted(name)), accepted);
    }
  }

  private void known(int at, String name) {
    Set<String> names = new LinkedHashSet<>(facts);
    if (open.stream().anyMatch(section -> section.name().equals("branches"))) {
      names.addAll(BRANCH_FACTS);
      // A list in itself would multiply the prompt by the branches at every level.
      names.remove("branches");
    }
    if (!names.contains(name)) {
      String nearest = Nearest.amongAll(name.length() > 40 ? name.substring(0, 40) : name, names);
      tell(
          at,
          "%s, which no template knows (nearest: %s)".formatted(shown("{{" + name + "}}"), nearest),
          Section.list(Collections.unmodifiableSet(names)));
    }
  }

  private static String shown(String tag) {
    String quoted = Mistakes.quoted(tag);
    return quoted.substring(1, quoted.length() - 1);
  }

  /// Lines of a literal block are lines of the file; a folded or quoted text has only its first.
  private void tell(int at, String found, String accepted) {
    fine = false;
    int line = Mistakes.line(node);
    if (((ScalarNode) node).getScalarStyle() == ScalarStyle.LITERAL) {
      line += 1 + (int) template.substring(0, at).chars().filter(c -> c == '\n').count();
    }
    mistakes.add(line, key, found, accepted);
  }

  /// A section that is not closed yet, and where its tag is.
  private record Opened(String name, int at) {}
}
