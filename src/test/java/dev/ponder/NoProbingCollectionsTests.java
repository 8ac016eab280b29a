package dev.ponder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// The JDK's immutable sets and maps look for a free place one by one: made of words of one hash,
/// they take the square of their number. So nothing is copied into one. Constants whose words stand
/// in the source may be made with `of`.
class NoProbingCollectionsTests {

  private static final Set<String> PROBING =
      Set.of(
          "java/util/Set.copyOf",
          "java/util/Map.copyOf",
          "java/util/stream/Collectors.toUnmodifiableSet",
          "java/util/stream/Collectors.toUnmodifiableMap");

  @Test
  void nothingIsCopiedIntoASetOrMapThatProbes() throws IOException {
    List<String> calls;
    try (Stream<Path> files = Files.walk(Path.of("target/classes/dev/ponder"))) {
      calls =
          files
              .filter(file -> file.toString().endsWith(".class"))
              .flatMap(NoProbingCollectionsTests::calls)
              .sorted()
              .toList();
    }

    assertThat(calls).isEmpty();
  }

  private static Stream<String> calls(Path file) {
    try {
      return StreamSupport.stream(
              ClassFile.of().parse(Files.readAllBytes(file)).constantPool().spliterator(), false)
          .filter(MemberRefEntry.class::isInstance)
          .map(MemberRefEntry.class::cast)
          .map(call -> call.owner().asInternalName() + "." + call.name().stringValue())
          .filter(PROBING::contains)
          .map(call -> file.getFileName() + " calls " + call);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
