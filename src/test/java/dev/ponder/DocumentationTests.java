package dev.ponder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the documents point at is there.
class DocumentationTests {

  private static final Path DECISIONS = Path.of("docs/decisions");

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    var broken = new ArrayList<String>();
    for (Path document : documents()) {
      Pattern.compile("\\]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)")
          .matcher(Files.readString(document))
          .results()
          .map(link -> link.group(1))
          .filter(link -> !Files.exists(document.resolveSibling(link)))
          .forEach(link -> broken.add(document + ": " + link));
    }

    assertThat(broken).isEmpty();
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    List<String> tests;
    try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
      tests = sources.map(source -> source.getFileName().toString()).toList();
    }
    var missing = new ArrayList<String>();
    for (Path document : documents()) {
      Pattern.compile("`([A-Z]\\w+(?:Tests|IT))`")
          .matcher(Files.readString(document))
          .results()
          .map(test -> test.group(1))
          .filter(test -> !tests.contains(test + ".java"))
          .forEach(test -> missing.add(document + ": " + test));
    }

    assertThat(missing).isEmpty();
  }

  /// Written anew with `-Dponder.write-documentation=true`.
  @Test
  void theIndexListsEveryDecision() throws IOException {
    Path index = DECISIONS.resolve("README.md");
    String list;
    try (Stream<Path> decisions = Files.list(DECISIONS)) {
      list =
          decisions
              .filter(decision -> !decision.equals(index))
              .sorted()
              .map(DocumentationTests::entry)
              .collect(Collectors.joining());
    }

    Documentation.says(index, "<!-- made from the pages: begin -->\n", "<!-- end -->", list);
  }

  /// The title, and the line in italics below it, if the page has one.
  private static String entry(Path decision) {
    List<String> lines;
    try {
      lines = Files.readAllLines(decision);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String[] title = lines.getFirst().substring("# ".length()).split("\\. ", 2);
    String note = lines.get(2);
    return "- %s: [%s](%s)%s\n"
        .formatted(
            title[0],
            title[1],
            decision.getFileName(),
            note.startsWith("*") && note.endsWith("*") && !note.startsWith("**")
                ? ": " + note
                : "");
  }

  /// The change log tells of yesterday too.
  private static List<Path> documents() throws IOException {
    try (Stream<Path> all =
        Stream.concat(
            Stream.concat(Files.list(Path.of("")), Files.list(Path.of("bench"))),
            Files.walk(Path.of("docs")))) {
      return all.filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.endsWith("CHANGELOG.md"))
          .toList();
    }
  }
}
