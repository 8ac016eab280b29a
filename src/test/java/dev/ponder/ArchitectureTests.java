package dev.ponder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/architecture.md` names classes, and shows the path of a token through them.
class ArchitectureTests {

  private static final Path DOCUMENT = Path.of("docs/architecture.md");
  private static final Path SOURCES = Path.of("src/main/java/dev/ponder");
  private static final Pattern CLASS = Pattern.compile("[`\\[]((?:[a-z]+\\.)+)([A-Z]\\w*)");

  @Test
  void everyClassThatIsNamedExists() throws IOException {
    List<Path> named = all(CLASS, Files.readString(DOCUMENT)).map(ArchitectureTests::file).toList();

    assertThat(named).hasSizeGreaterThan(40).allSatisfy(file -> assertThat(file).isRegularFile());
  }

  /// The first sentence of each module, with the packages in it. Written anew with
  /// `-Dponder.write-documentation=true`.
  @Test
  void theRoomsAreTheModules() throws IOException {
    var rooms = new TreeMap<String, String>();
    var inside = new TreeMap<String, String>();
    try (Stream<Path> infos = Files.walk(SOURCES)) {
      for (Path info : infos.filter(file -> file.endsWith("package-info.java")).sorted().toList()) {
        String room = SOURCES.relativize(info.getParent()).toString().replace('/', '.');
        int dot = room.indexOf('.');
        if (dot < 0) {
          rooms.put(room, firstSentence(info));
        } else {
          inside.merge(
              room.substring(0, dot), "`" + room.substring(dot) + "`", (a, b) -> a + ", " + b);
        }
      }
    }
    var table = new StringBuilder("| room | what lives there |\n| --- | --- |\n");
    rooms.forEach(
        (room, sentence) ->
            table.append(
                "| `%s`%s | %s |\n"
                    .formatted(
                        room,
                        inside.containsKey(room) ? " (" + inside.get(room) + ")" : "",
                        sentence)));

    Documentation.says(
        DOCUMENT,
        "<!-- made from the package-infos: begin -->\n",
        "<!-- end -->",
        table.toString());
  }

  private static String firstSentence(Path info) throws IOException {
    String text =
        Files.readAllLines(info).stream()
            .takeWhile(line -> line.startsWith("///"))
            .map(line -> line.substring(3).strip())
            .collect(Collectors.joining(" "));
    return text.replaceFirst("\\. .*|\\.$", "");
  }

  @Test
  void aTokenGoesDownByAtMostSixteenHops() throws IOException {
    assertThat(path("Down, ")).hasSizeBetween(10, 16).satisfies(ArchitectureTests::isConnected);
  }

  @Test
  void aTokenComesUpByAtMostNineHops() throws IOException {
    assertThat(path("Up, ")).hasSizeBetween(6, 9).satisfies(ArchitectureTests::isConnected);
  }

  /// The first class of each numbered line behind a heading.
  private static List<Path> path(String heading) throws IOException {
    String text = Files.readString(DOCUMENT);
    List<Path> hops = new ArrayList<>();
    text.substring(text.indexOf("\n" + heading))
        .lines()
        .skip(3)
        .takeWhile(line -> line.matches("\\d+\\. .*"))
        .forEach(line -> hops.add(file(all(CLASS, line).findFirst().orElseThrow())));
    return hops;
  }

  /// Each hop is known to a hop before it or behind it, by name or by the type it is used as: a
  /// class that no other hop knows is not on the path.
  private static void isConnected(List<? extends Path> hops) {
    for (Path hop : hops) {
      assertThat(hops.stream().filter(other -> !other.equals(hop)))
          .as("hops that know %s, or that it knows", hop)
          .anyMatch(other -> knows(other, hop) || knows(hop, other));
    }
  }

  private static boolean knows(Path one, Path other) {
    try {
      String source = Files.readString(one);
      return Stream.concat(Stream.of(name(other)), supertypes(other))
          .anyMatch(name -> source.matches("(?s).*\\b" + name + "\\b.*"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Stream<String> supertypes(Path file) throws IOException {
    return all(Pattern.compile("(?:implements|extends) (\\w+)"), Files.readString(file))
        .map(it -> it.group(1));
  }

  private static Stream<MatchResult> all(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  private static Path file(MatchResult named) {
    return SOURCES.resolve(named.group(1).replace('.', '/') + named.group(2) + ".java");
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }
}
