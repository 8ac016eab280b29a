package dev.ponder.engine.jllama;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.gguf.GgufHeader;
import dev.ponder.engine.gguf.GgufMutants;
import dev.ponder.engine.jllama.seat.Architectures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Gives mutants of model files that our own reader accepts to the native library, and prints which
/// of them end its process. Started by hand, as it takes minutes:
/// `java -cp … dev.ponder.engine.jllama.NativeMutants ROUNDS [SEED]`.
public final class NativeMutants {

  private static final long SECONDS_MAX = 30;
  private static final int EACH = 500;

  private final Path file;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private Process process;
  private BufferedReader said;
  private int rest;

  private NativeMutants(Path file, int rounds) throws IOException {
    this.file = file;
    this.rest = rounds;
    start();
  }

  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    long seed = args.length > 1 ? Long.parseLong(args[1]) : new Random().nextLong();
    System.out.println("seed " + seed);
    Path folder = Files.createTempDirectory("ponder-mutants-");
    Path file = folder.resolve("mutant.gguf");
    NativeMutants run = new NativeMutants(file, Integer.MAX_VALUE);
    try (GgufMutants mutants = new GgufMutants(Files.readAllBytes(Mini.FILE), file)) {
      mutants.each(run::look);
      mutants.atRandom(new Random(seed), rounds, run::look);
    }
    run.process.destroyForcibly();
    System.out.println(run.outcomes);
    Files.delete(file);
    System.out.println("last words: " + folder);
  }

  private void look(String what) throws Exception {
    try {
      Architectures.check(GgufHeader.read(file));
    } catch (EngineException.Unusable refused) {
      count("refused");
      return;
    }
    if (rest-- <= 0) {
      return;
    }
    Writer out = process.outputWriter();
    out.write(file + "\n");
    out.flush();
    Thread watch = Thread.ofVirtual().start(this::endIfSlow);
    String outcome = outcome();
    watch.interrupt();
    if (outcome == null) {
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      int status = process.exitValue();
      System.out.println("ENDED %d: %s".formatted(status, what));
      count("ended " + status);
      start();
    } else {
      count(outcome.replaceFirst(" .*", ""));
    }
  }

  /// An abort has a debugger print on standard output, where there is one.
  private @Nullable String outcome() throws IOException {
    String line;
    do {
      line = said.readLine();
    } while (line != null && !line.startsWith(NativeLoad.OUTCOME));
    return line == null ? null : line.substring(NativeLoad.OUTCOME.length());
  }

  private void endIfSlow() {
    try {
      TimeUnit.SECONDS.sleep(SECONDS_MAX);
      process.destroyForcibly();
    } catch (InterruptedException inTime) {
      Thread.currentThread().interrupt();
    }
  }

  private void count(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
    if (outcomes.values().stream().mapToInt(Integer::intValue).sum() % EACH == 0) {
      System.out.println(outcomes);
    }
  }

  private void start() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                NativeLoad.class.getName())
            .redirectError(ProcessBuilder.Redirect.appendTo(file.resolveSibling("stderr").toFile()))
            .start();
    said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}
