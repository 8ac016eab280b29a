package dev.ponder.yaml;

import dev.ponder.text.Nearest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One mapping of a file. Each reading method tells a mistake and gives null where the
/// value is not there or not accepted, so that reading goes on to the next mistake.
public final class Section {

  /// Longer numbers are refused before they cost anything.
  private static final int LONGEST_NUMBER = 40;

  private static final int LONGEST_PATTERN = 500;

  private final Mistakes mistakes;
  private final String path;
  private final int line;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();

  /// @param path of this mapping, empty for the whole file
  /// @param line where its key is
  /// @param kind what its keys are called in messages: `key`, `stage`, `switch`
  /// @param known the keys it may have, in the order of messages
  public Section(
      Mistakes mistakes, String path, int line, MappingNode node, String kind, Set<String> known) {
    this.mistakes = mistakes;
    this.path = path;
    this.line = line;
    for (NodeTuple tuple : node.getValue()) {
      take(tuple, kind, known);
    }
  }

  private void take(NodeTuple tuple, String kind, Set<String> known) {
    Node keyNode = tuple.getKeyNode();
    if (!(keyNode instanceof ScalarNode scalar)) {
      String place = path.isEmpty() ? "the file" : path;
      mistakes.add(keyNode, place, Mistakes.shown(keyNode) + " as a key", list(known));
      return;
    }
    String key = scalar.getValue();
    if (!known.contains(key)) {
      String found =
          "%s, which is no %s here (nearest: %s)"
              .formatted(Mistakes.quoted(key), kind, Nearest.amongAll(shortened(key), known));
      mistakes.add(keyNode, path(shortened(key)), found, list(known));
    } else if (entries.putIfAbsent(key, tuple) != null) {
      mistakes.add(keyNode, path(key), "the key a second time", "each key once");
    }
  }

  private static String shortened(String key) {
    String line = key.replaceAll("\\p{Cntrl}", " ");
    return line.length() > 40 ? line.substring(0, 40) : line;
  }

  public static String list(Set<String> names) {
    return String.join(", ", names);
  }

  public boolean has(String key) {
    return entries.containsKey(key);
  }

  public String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /// Tells a mistake in the value of `key`.
  public void mistake(String key, String found, String accepted) {
    Node node = node(key);
    mistakes.add(node == null ? line : Mistakes.line(node), path(key), found, accepted);
  }

  private @Nullable Node required(String key, String accepted) {
    Node node = node(key);
    if (node == null) {
      mistakes.add(line, path(key), "nothing", accepted);
    }
    return node;
  }

  private void wrong(String key, Node node, String accepted) {
    mistakes.add(node, path(key), Mistakes.shown(node), accepted);
  }

  public @Nullable Section section(String key, String kind, Set<String> known) {
    String accepted = "a mapping of " + list(known);
    Node node = required(key, accepted);
    if (node instanceof MappingNode mapping) {
      int keyLine = Mistakes.line(entries.get(key).getKeyNode());
      return new Section(mistakes, path(key), keyLine, mapping, kind, known);
    }
    if (node != null) {
      wrong(key, node, accepted);
    }
    return null;
  }

  public @Nullable Integer whole(String key, int min, int max) {
    String accepted = "a whole number from %d to %d".formatted(min, max);
    BigDecimal number = decimal(key, accepted);
    if (number == null) {
      return null;
    }
    Range range = Range.of(String.valueOf(min), String.valueOf(max));
    if (!range.holds(number) || number.stripTrailingZeros().scale() > 0) {
      mistake(key, Mistakes.shown(required(key, accepted)), accepted);
      return null;
    }
    return number.intValueExact();
  }

  public @Nullable Double number(String key, Range range) {
    BigDecimal number = decimal(key, range.words());
    if (number != null && !range.holds(number)) {
      mistake(key, Mistakes.shown(required(key, range.words())), range.words());
      return null;
    }
    return number == null ? null : Double.valueOf(number.doubleValue());
  }

  private @Nullable BigDecimal decimal(String key, String accepted) {
    Node node = required(key, accepted);
    if (node instanceof ScalarNode scalar
        && (scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT))
        && scalar.getValue().length() <= LONGEST_NUMBER) {
      try {
        return new BigDecimal(scalar.getValue());
      } catch (NumberFormatException notDecimal) {
        // Not a number (.nan) or no finite one (.inf): told below as not accepted.
      }
    }
    if (node != null) {
      wrong(key, node, accepted);
    }
    return null;
  }

  public @Nullable Boolean flag(String key) {
    Node node = required(key, "true or false");
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
      if (scalar.getValue().equals("true") || scalar.getValue().equals("false")) {
        return Boolean.valueOf(scalar.getValue());
      }
    }
    if (node != null) {
      wrong(key, node, "true or false");
    }
    return null;
  }

  public @Nullable String text(String key, int longest) {
    String accepted = "text of 1 to %d characters".formatted(longest);
    Node node = required(key, accepted);
    return node == null ? null : text(node, path(key), longest, accepted);
  }

  public @Nullable String line(String key, int longest) {
    String accepted = "one line of 1 to %d characters".formatted(longest);
    Node node = required(key, accepted);
    String text = node == null ? null : text(node, path(key), longest, accepted);
    if (text != null && text.contains("\n")) {
      mistakes.add(node, path(key), Mistakes.shown(node), accepted);
      return null;
    }
    return text;
  }

  public List<String> texts(String key, int most, int longest) {
    String accepted = "a list of 1 to %d texts of 1 to %d characters".formatted(most, longest);
    Node node = required(key, accepted);
    List<String> texts = new ArrayList<>();
    if (node instanceof SequenceNode list
        && !list.getValue().isEmpty()
        && list.getValue().size() <= most) {
      for (int i = 0; i < list.getValue().size(); i++) {
        String item = path(key) + "[" + i + "]";
        String text = text(list.getValue().get(i), item, longest, accepted);
        texts.add(text == null ? "" : text);
      }
    } else if (node instanceof SequenceNode list) {
      mistakes.add(node, path(key), "a list of " + list.getValue().size(), accepted);
    } else if (node != null) {
      wrong(key, node, accepted);
    }
    return texts;
  }

  private @Nullable String text(Node node, String place, int longest, String accepted) {
    if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
      mistakes.add(node, place, Mistakes.shown(node), accepted);
      return null;
    }
    String text = scalar.getValue();
    int length = text.codePointCount(0, text.length());
    if (text.isBlank() || length > longest) {
      mistakes.add(node, place, text.isBlank() ? "empty text" : length + " characters", accepted);
      return null;
    }
    return text;
  }

  public @Nullable Pattern pattern(String key) {
    String accepted = "a regular expression with exactly one group";
    Pattern pattern = compiled(key, accepted);
    int groups = pattern == null ? 1 : pattern.matcher("").groupCount();
    if (groups == 1) {
      return pattern;
    }
    mistake(
        key, "%s with %d groups".formatted(Mistakes.quoted(pattern.pattern()), groups), accepted);
    return null;
  }

  /// A pattern that is only looked for, whatever its groups.
  public @Nullable Pattern sought(String key) {
    return compiled(key, "a regular expression");
  }

  private @Nullable Pattern compiled(String key, String accepted) {
    String text = text(key, LONGEST_PATTERN);
    try {
      return text == null ? null : Pattern.compile(text, Pattern.MULTILINE);
    } catch (PatternSyntaxException broken) {
      String why = broken.getDescription();
      mistake(key, "%s (%s)".formatted(Mistakes.quoted(text), why), accepted);
      return null;
    }
  }

  public @Nullable Node node(String key) {
    NodeTuple entry = entries.get(key);
    return entry == null ? null : entry.getValueNode();
  }

  /// Numbers from `min` to `max`.
  ///
  /// @param open whether `min` itself is left out
  public record Range(String min, String max, boolean open) {

    public static Range of(String min, String max) {
      return new Range(min, max, false);
    }

    public static Range above(String min, String max) {
      return new Range(min, max, true);
    }

    boolean holds(BigDecimal number) {
      int low = number.compareTo(new BigDecimal(min));
      return (open ? low > 0 : low >= 0) && number.compareTo(new BigDecimal(max)) <= 0;
    }

    public String words() {
      return open
          ? "a number above %s, up to %s".formatted(min, max)
          : "a number from %s to %s".formatted(min, max);
    }
  }
}
