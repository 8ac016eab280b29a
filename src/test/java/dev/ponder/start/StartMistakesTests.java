package dev.ponder.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ponder.PonderService;
import dev.ponder.cli.command.Shell;
import dev.ponder.cli.output.Exit;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// Every mistake that keeps a service from starting ends in sentences: what is wrong, what was
/// found, what is accepted. None in a stack trace, and none with a secret in it.
class StartMistakesTests {

  private static final String SECRET = "sEcReT-7391";

  @TempDir private Path folder;

  /// Reads all settings and starts nothing, which takes a tenth of the time.
  @Configuration(proxyBeanMethods = false)
  @ConfigurationPropertiesScan("dev.ponder")
  @ComponentScan(
      basePackages = "dev.ponder",
      useDefaultFilters = false,
      includeFilters =
          @ComponentScan.Filter(
              type = FilterType.REGEX,
              pattern = "dev\\.ponder\\.start\\.NegativeSettings"))
  static class SettingsOnly {}

  private static Arguments is(String option, String... said) {
    return arguments(option, List.of(said));
  }

  static Stream<Arguments> mistakes() {
    String url = "has to be an address such as http://127.0.0.1:8081";
    String login = "u:" + SECRET + "@";
    return Stream.of(
        is("--ponder.deadline=soon", "ponder.deadline is 'soon' (from the command line)", "30s"),
        is("--ponder.store.file-max=big", "ponder.store.file-max is 'big'", "64MB"),
        is("--ponder.jobs.running-max=many", "ponder.jobs.running-max is 'many'", "whole number"),
        is("--ponder.jobs.running-max=-1", "ponder.jobs.running-max is '-1'", "or equal to 1"),
        is("--ponder.jobs.running-max=99999999999", "whole number up to 2147483647"),
        is("--ponder.pace=fast", "ponder.pace is 'fast'", "a number"),
        is("--ponder.store.offline=maybe", "ponder.store.offline is 'maybe'", "true or false"),
        is("--ponder.deadline=-5m", "ponder.deadline", "is '-5m' and cannot be below zero"),
        is("--ponder.http.body-max=-1MB", "ponder.http.body-max", "cannot be below zero"),
        is("--server.port=abc", "server.port is 'abc'", "whole number"),
        is("--server.port=99999", "server.port is '99999'", "0 to 65535"),
        is("--server.port=-4", "server.port is '-4'", "0 to 65535"),
        is("--server.address=no.such.invalid", "server.address is 'no.such.invalid'", "127.0.0.1"),
        is("--server.address=192.0.2.1", "192.0.2.1", "SERVER_ADDRESS"),
        is("--ponder.openai=localhost:8000", "ponder.openai", "is 'localhost:8000'", url),
        is("--ponder.openai=ftp://" + login + "h", "is 'ftp://•••@h'", url),
        is("--ponder.openai=http://" + login + "lo calhost", "is 'http://•••@lo calhost'", url),
        is("--ponder.openai=http:///x", "is 'http:///x'", url),
        is("--ponder.openai=http://h:99999", "'http://h:99999'", "port"),
        is("--ponder.openai=http://h/?key=" + SECRET, "'http://h/?•••'", "without '?' and '#'"),
        is("--ponder.llama-server=http://" + SECRET + "@h", "a user needs a password"),
        is("--ponder.llama-server=http://u:a," + SECRET + "@h", "has to be an address"),
        is("--ponder.models.x.url=ftp://" + login + "h", "ponder.models.x.url", "'ftp://•••@h'"),
        is("--ponder.models.x.engine=magic", "ponder.models.x: engine is 'magic'"),
        is("--ponder.models.x.key=a\n" + SECRET, "ponder.models.x.key is •••", "a line break"),
        is(
            "--ponder.engine.openai.key=" + SECRET + "\nx",
            "ponder.engine.openai.key",
            "line break"),
        is("--ponder.engine.openai.key=ä" + SECRET, "a letter beyond ASCII at character 1 of 12"),
        is("--ponder.engine.server.key=a\t" + SECRET, "ponder.engine.server.key is •••", "a tab"),
        is("--ponder.store.hugging-face-token=\u0007" + SECRET, "a control character"),
        is("--ponder.store.hugging-face-url=ftp://" + login + "h", "'ftp://•••@h'"),
        is("--ponder.api-keys=a\n" + SECRET, "ponder.api-keys contains a key with a line break"),
        is("--ponder.api-keys=one,,two", "ponder.api-keys contains an empty key"),
        is("--ponder.api-keys=" + SECRET, "a key of 11 characters", "./ponder keys create NAME"),
        is("--ponder.api-key=" + SECRET, "'ponder.api-key'", "Did you mean 'ponder.api-keys'?"),
        is("--ponder.default-model=" + "nobody", "ponder.default-model is 'nobody'"),
        is("--spring.datasource.url=postgres://" + login + "h/x", "'postgres://•••@h/x'", "jdbc:"),
        is(
            "--spring.datasource.url=jdbc:postgresql://me:" + SECRET + "@h/x",
            "'jdbc:postgresql://•••@h/x'",
            "no user and password before its host"),
        is("--spring.datasource.url=jdbc:oracle:thin:@h/x", "has to begin with jdbc:postgresql:"),
        is(
            "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x?user=u&password=" + SECRET,
            "The database at jdbc:postgresql://127.0.0.1:1/x",
            "refused",
            "Check that it runs"),
        is("--spring.profiles.active=a b", "spring.profiles.active", "'a b'"),
        is("--logging.level.root=loud", "logging.level.root is 'loud'", "one of trace, debug"),
        is("--ponder.data=", "The data folder (ponder.data) is empty"),
        is("--ponder.data=a;b", "has a semicolon in its name"),
        is("--ponder.data=" + "x".repeat(300), "cannot be written to"),
        is("--ponder.data=pom.xml", "The data folder pom.xml (ponder.data) is a file"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsSaidInSentences(String option, List<String> said) {
    String err = start(option);

    assertThat(err).startsWith("Ponder did not start. ").endsWith(Exit.NO_SERVICE.inWords() + "\n");
    assertThat(err).contains(said).doesNotContain("\tat ", SECRET, "Exception");
    assertThat(err.lines().count()).isBetween(2L, 6L);
  }

  @Test
  void aDatabaseOfSomebodyElseIsNotOpened() {
    assertThat(start("--spring.main.log-startup-info=false")).isEmpty();

    String err = start("--spring.datasource.password=" + SECRET);

    assertThat(err)
        .contains("The database in " + folder, "cannot be used", "SPRING_DATASOURCE_PASSWORD")
        .doesNotContain(SECRET, "\tat ");
  }

  /// What Ponder says on standard error, and by its log, when it is started with an option.
  private String start(String option) {
    PrintStream usual = System.err;
    PrintStream usualOut = System.out;
    var written = new ByteArrayOutputStream();
    var stream = new PrintStream(written, true, StandardCharsets.UTF_8);
    List<String> options =
        new ArrayList<>(
            List.of("--server.port=0", "--spring.datasource.hikari.connection-timeout=300"));
    options.removeIf(it -> option.startsWith(it.substring(0, it.indexOf('=') + 1)));
    if (!option.startsWith("--ponder.data=")) {
      options.add("--ponder.data=" + folder);
    }
    int equals = option.indexOf('=');
    String name = option.substring(2, equals);
    var environment = new StandardEnvironment();
    if (SecretArguments.isSecret(name, option.substring(equals + 1))) {
      // Not on the command line, where it would not be taken.
      environment
          .getPropertySources()
          .addFirst(new MapPropertySource("elsewhere", Map.of(name, option.substring(equals + 1))));
    } else {
      options.add(option);
    }
    System.setErr(stream);
    System.setOut(stream);
    boolean settingsOnly =
        option.startsWith("--ponder.") && !option.startsWith("--ponder.default-model");
    SpringApplication service =
        new SpringApplication(settingsOnly ? SettingsOnly.class : PonderService.class);
    service.setEnvironment(environment);
    if (settingsOnly) {
      service.setWebApplicationType(WebApplicationType.NONE);
    }
    try (ConfigurableApplicationContext context = service.run(options.toArray(String[]::new))) {
      return "";
    } catch (RuntimeException said) {
      return written.toString(StandardCharsets.UTF_8);
    } finally {
      System.setErr(usual);
      System.setOut(usualOut);
    }
  }

  static Stream<Arguments> files() {
    return Stream.of(
        arguments("tab.yaml", "ponder:\n\tdeadline: 10m\n", "line 2, column 1: a tab"),
        arguments("latin.yaml", "# one\nx: caf\u00e9\n", "is not written in UTF-8: line 2"),
        arguments("open.yaml", "ponder: [a, b\n", "is no YAML: line 2"),
        arguments("twice.yaml", "a: 1\na: 2\n", "the key 'a' stands there twice"),
        arguments("words.yaml", "only words\n", "words without a colon"),
        arguments("list.yaml", "- a\n", "holds a list"),
        arguments("quote.yaml", "k: \"" + SECRET + "\n", "is no YAML: line 2"),
        arguments("alias.yaml", "k: *" + "nowhere\n", "is no YAML: line 1, column 4"),
        arguments("tag.yaml", "k: !!java.net.URL [" + SECRET + "]\n", "is no YAML: line 1"),
        arguments("null.yaml", "k: \u0000" + SECRET + "\n", "is no YAML"),
        arguments("escape.properties", "k=\\uXYZ\n", "four hexadecimal digits"),
        arguments("settings.txt", "k: v\n", "has to end in .yaml, .yml or .properties"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileOfSettingsThatCannotBeReadIsNamed(String name, String text, String said)
      throws Exception {
    Path file = Files.write(folder.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
    Shell shell = new Shell();

    int exit = shell.run("serve", "--config", file.toString());

    assertThat(exit).isEqualTo(Exit.USAGE.code());
    assertThat(shell.err)
        .startsWith("--config " + file + ": ")
        .contains(said)
        .doesNotContain(SECRET);
  }

  @Test
  void aFolderOrNothingIsNoFileOfSettings() {
    Shell shell = new Shell();

    assertThat(shell.run("serve", "--config", folder.toString())).isEqualTo(2);
    assertThat(shell.err).contains("it is a folder");
    assertThat(shell.run("serve", "--config", folder + "/none.yaml")).isEqualTo(2);
    assertThat(shell.err).contains("there is no such file");
  }

  @Test
  void anEmptyFileOfSettingsSaysNothing() throws Exception {
    Shell shell = new Shell();
    Path file = Files.createFile(folder.resolve("empty.yaml"));

    assertThat(shell.run("serve", "--config", file.toString())).isZero();
  }
}
