package dev.ponder.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/// The text of a file and its YAML tree, within limits that no honest file reaches.
public final class YamlDocument {

  public static final int MAX_BYTES = 256 * 1024;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_ALIASES = 20;
  private static final String SIZE = "at most " + MAX_BYTES + " bytes";

  private YamlDocument() {}

  /// The text of a file's bytes, in the form that is hashed and kept: lines end in `\n`, also the
  /// last one, and there is no byte order mark.
  public static String text(byte[] bytes, Mistakes mistakes) {
    if (bytes.length > MAX_BYTES) {
      mistakes.add(0, "the file", bytes.length + " bytes", SIZE);
      throw mistakes.refusal();
    }
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CharBuffer output = CharBuffer.allocate(bytes.length + 1);
    boolean malformed =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(input, output, true)
            .isError();
    output.flip();
    if (malformed) {
      int line = 1 + (int) output.toString().chars().filter(letter -> letter == '\n').count();
      mistakes.add(line, "the file", "bytes that are not UTF-8", "text in UTF-8");
      throw mistakes.refusal();
    }
    return canonical(output.toString());
  }

  public static String canonical(String source) {
    String text = source.startsWith("\uFEFF") ? source.substring(1) : source;
    return text.replaceAll("\r\n?", "\n").stripTrailing() + "\n";
  }

  public static String hash(String canonical) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java has SHA-256", impossible);
    }
  }

  /// The mapping that the text is; refuses with the mistakes found where it is none.
  public static MappingNode compose(String text, Mistakes mistakes) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      mistakes.add(0, "the file", bytes + " bytes", SIZE);
      throw mistakes.refusal();
    }
    refuseHalfCharacters(text, mistakes);
    Node root = parsed(text, mistakes);
    if (root instanceof MappingNode mapping) {
      return mapping;
    }
    String found = root == null ? "nothing" : Mistakes.shown(root);
    mistakes.add(1, "the file", found, "a mapping of keys to values");
    throw mistakes.refusal();
  }

  /// Half of a surrogate pair, which no file in UTF-8 can hold, makes the YAML reader fail with an
  /// exception of its own when it falls on the end of the reader's buffer.
  private static void refuseHalfCharacters(String text, Mistakes mistakes) {
    int line = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      line += c == '\n' ? 1 : 0;
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (Character.isSurrogate(c)) {
        mistakes.add(line, "the file", "half of a character", "whole characters");
        throw mistakes.refusal();
      }
    }
  }

  private static @Nullable Node parsed(String text, Mistakes mistakes) {
    LoadSettings settings =
        LoadSettings.builder()
            .setCodePointLimit(MAX_BYTES)
            .setMaxAliasesForCollections(MAX_ALIASES)
            // Section refuses them, with their line.
            .setAllowNonScalarKeys(true)
            .build();
    try {
      limitNesting(new Parse(settings).parseString(text), mistakes);
      return new Compose(settings).composeString(text).orElse(null);
    } catch (MarkedYamlEngineException broken) {
      Optional<Mark> mark = broken.getProblemMark().or(broken::getContextMark);
      mistakes.add(
          mark.map(Mark::getLine).orElse(0) + 1, "the file", problem(broken), "a YAML document");
    } catch (YamlEngineException broken) {
      mistakes.add(0, "the file", Mistakes.quoted(broken.getMessage()), "a YAML document");
    }
    throw mistakes.refusal();
  }

  private static String problem(MarkedYamlEngineException broken) {
    return "broken YAML (%s)".formatted(broken.getProblem().replace('\n', ' '));
  }

  /// The parser walks through events without recursion, the composer does not: so depth is limited
  /// before a tree is made.
  private static void limitNesting(Iterable<Event> events, Mistakes mistakes) {
    int depth = 0;
    for (Event event : events) {
      if (event instanceof CollectionStartEvent) {
        depth++;
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        int line = event.getStartMark().map(Mark::getLine).orElse(0) + 1;
        mistakes.add(
            line, "the file", "deeper nesting", "at most " + MAX_DEPTH + " values in each other");
        throw mistakes.refusal();
      }
    }
  }
}
