package dev.ponder.start;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/// Stops the start for a secret that stands on the command line: as an option (`--name=value`), as
/// a property of the JVM (`-Dname=value`), within `spring.application.json`, or within an address.
/// Every user of the machine can read the command lines of all processes.
public final class SecretArguments
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  private static final String COMMAND_LINE =
      CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME;
  private static final String JVM = StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME;
  private static final String JSON = "spring.application.json";

  /// Other properties of the JVM have no other way in.
  private static final List<String> READ_BY_SPRING =
      List.of("ponder.", "spring.", "server.", "management.");

  /// The end of a name. Not `tokens`, of which there are many that are counts.
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          ".*(password|passwd|pwd|secret|token|credentials?|apikeys?|authorization)|keys?");

  private static final Pattern LOGIN = Pattern.compile("(?<!file)://[^\\s'\",]*@");
  private static final Pattern IN_QUERY =
      Pattern.compile("(?i)[?&;][\\w.-]*(password|pwd|secret|token|key)=[^&;\\s]");
  private static final Pattern PEM = Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY");

  /// Names another setting, which may stand anywhere.
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{[\\w.-]+:?}");

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    check(event.getEnvironment());
  }

  /// When all settings are read, and before anybody complains of one and shows it.
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE - 2;
  }

  static void check(ConfigurableEnvironment environment) {
    Set<String> found = new LinkedHashSet<>();
    boolean json = false;
    for (PropertySource<?> source : environment.getPropertySources()) {
      boolean jvm = source.getName().equals(JVM);
      if (source instanceof EnumerablePropertySource<?> names
          && (jvm || source.getName().equals(COMMAND_LINE))) {
        json |= names.containsProperty(JSON);
        found.addAll(secrets(names, jvm));
      }
    }
    // What JSON on the command line says has a source of its own.
    if (json
        && environment.getPropertySources().get(JSON) instanceof EnumerablePropertySource<?> j) {
      found.addAll(secrets(j, false));
    }
    if (!found.isEmpty()) {
      throw refusal(found);
    }
  }

  private static List<String> secrets(EnumerablePropertySource<?> source, boolean jvm) {
    return Arrays.stream(source.getPropertyNames())
        .filter(name -> !jvm || READ_BY_SPRING.stream().anyMatch(name::startsWith))
        .filter(name -> !name.equals(JSON))
        .filter(name -> isSecret(name, String.valueOf(source.getProperty(name))))
        .toList();
  }

  private static CannotStart refusal(Set<String> names) {
    return new CannotStart(
        "%s on the command line, where every user of this machine can read it: %s."
            .formatted(
                names.size() == 1 ? "A secret stands" : "Secrets stand", String.join(", ", names)),
        "Set %s in the environment, or the setting in a file of --config that only you can read. Keys for clients are made with './ponder keys create NAME'. What has stood there should be replaced by another."
            .formatted(
                names.stream().map(SecretArguments::variable).collect(Collectors.joining(", "))));
  }

  /// The environment variable of a setting.
  private static String variable(String name) {
    return name.replace("-", "")
        .replaceAll("[.\\[\\]]+", "_")
        .replaceAll("_$", "")
        .toUpperCase(Locale.ROOT);
  }

  /// Whether a value is a secret, by the name of its setting or by what it looks like.
  static boolean isSecret(String name, @Nullable String value) {
    if (value == null || value.isBlank() || REFERENCE.matcher(value).matches()) {
      return false;
    }
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("\\[\\d*]$", "");
    String last = plain.substring(plain.lastIndexOf('.') + 1).replaceAll("[^a-z0-9]", "");
    return SECRET_NAME.matcher(last).matches() || holdsSecret(value);
  }

  /// Whether an address, or another value, has a user, a password or a key in it.
  public static boolean holdsSecret(String value) {
    return LOGIN.matcher(value).find()
        || IN_QUERY.matcher(value).find()
        || PEM.matcher(value).find();
  }
}
