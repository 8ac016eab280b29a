package dev.ponder.yaml;

import dev.ponder.yaml.FileMistakes.Mistake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Collects the mistakes of one file while it is read, so that all are told at once.
public final class Mistakes {

  private static final int SHOWN = 80;

  private final String file;
  private final List<Mistake> mistakes = new ArrayList<>();

  /// @param file as messages call it
  public Mistakes(String file) {
    this.file = file;
  }

  public void add(int line, String key, String found, String accepted) {
    mistakes.add(new Mistake(file, line, key, found, accepted));
  }

  public void add(Node at, String key, String found, String accepted) {
    add(line(at), key, found, accepted);
  }

  public boolean some() {
    return !mistakes.isEmpty();
  }

  /// All that was told, to be thrown: `throw mistakes.refusal()`.
  public FileMistakes refusal() {
    mistakes.sort(Comparator.comparingInt(Mistake::line));
    return new FileMistakes(mistakes);
  }

  public static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  /// What a node holds, short enough for a message.
  public static String shown(Node node) {
    if (node.getNodeType() == NodeType.MAPPING) {
      return "a mapping";
    }
    if (node.getNodeType() == NodeType.SEQUENCE) {
      return "a list";
    }
    ScalarNode scalar = (ScalarNode) node;
    if (scalar.getTag().equals(Tag.NULL)) {
      return "nothing";
    }
    return (scalar.isPlain() ? "" : "text ") + quoted(scalar.getValue());
  }

  public static String quoted(String text) {
    StringBuilder shown = new StringBuilder("'");
    text.codePoints()
        .limit(SHOWN)
        .forEach(
            point -> {
              if (point == '\n') {
                shown.append("\\n");
              } else {
                shown.appendCodePoint(Character.isISOControl(point) ? ' ' : point);
              }
            });
    return shown.append(text.codePointCount(0, text.length()) > SHOWN ? "…'" : "'").toString();
  }
}
