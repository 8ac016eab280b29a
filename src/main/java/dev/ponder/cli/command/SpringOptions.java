package dev.ponder.cli.command;

import dev.ponder.cli.output.Misuse;
import dev.ponder.start.ConfigFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// Settings of Spring on the command line, as `serve` and `pull` take them.
final class SpringOptions {

  private static final Pattern PROPERTY = Pattern.compile("--[a-z][\\w-]*(\\.[\\w\\[\\]-]+)+=.*");

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Read Spring properties (.yaml or .properties) from this file.")
  private @Nullable Path config;

  /// What to give to Spring.
  ///
  /// @param rest what picocli does not know; it mixes in no list of it
  /// @throws Misuse if a file of settings cannot be used
  List<String> arguments(List<String> rest) {
    List<String> unknown = rest.stream().filter(word -> !PROPERTY.matcher(word).matches()).toList();
    if (!unknown.isEmpty() && command != null) {
      throw new UnmatchedArgumentException(command.commandLine(), unknown);
    }
    ConfigFile.planted(Path.of("")).ifPresent(SpringOptions::refuse);
    List<String> arguments = new ArrayList<>();
    if (config != null) {
      ConfigFile.mistake(config).ifPresent(sentence -> refuse("--config " + sentence));
      arguments.add(
          "--spring.config.additional-location=" + config.toAbsolutePath().normalize().toUri());
    }
    arguments.addAll(rest);
    return arguments;
  }

  private static void refuse(String sentence) {
    throw new Misuse(sentence);
  }
}
