package dev.ponder.start;

import dev.ponder.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/// Stops the start-up for a setting that nobody reads: whoever mistypes `ponder.deadline` would
/// otherwise learn of it half an hour later.
public final class SettingsCheck
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  private static final String PREFIX = "ponder.";
  private static final String VARIABLE = "PONDER_";

  /// Variables that the command line and the launcher read, not the service.
  private static final Set<String> OF_THE_COMMAND_LINE =
      Set.of(
          "PONDER_SERVER",
          "PONDER_API_KEY",
          "PONDER_CA_CERT",
          "PONDER_TRACE",
          "PONDER_JAVA_OPTIONS",
          "PONDER_NO_AOT",
          "PONDER_JDK_FOLDERS");

  /// Kubernetes tells every pod where a service called `ponder` is, by variables such as these.
  private static final String OF_KUBERNETES = "PONDER_(SERVICE_(HOST|PORT.*)|PORT(_\\d+_.*)?)";

  /// When all settings are read and logging is set up, so that the complaint is printed once; and
  /// before the data folder is looked at, whose name may be the mistake.
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE - 1;
  }

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    check(event.getEnvironment());
  }

  static void check(ConfigurableEnvironment environment) {
    var known = KnownSettings.ofThisBuild();
    var complaints = new ArrayList<String>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> names) {
        complaints.addAll(
            isEnvironment(source) ? variables(names, known) : properties(names, known));
      }
    }
    if (!complaints.isEmpty()) {
      throw new UnknownSettings(complaints.stream().distinct().toList());
    }
  }

  private static boolean isEnvironment(PropertySource<?> source) {
    return source.getName().endsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
  }

  private static List<String> properties(EnumerablePropertySource<?> source, KnownSettings known) {
    return Stream.of(source.getPropertyNames())
        .filter(name -> name.startsWith(PREFIX) && !known.reads(name))
        .map(name -> complaint(name, origin(source, name), known.namesLike(name)))
        .toList();
  }

  private static List<String> variables(EnumerablePropertySource<?> source, KnownSettings known) {
    return Stream.of(source.getPropertyNames())
        .filter(name -> name.startsWith(VARIABLE))
        .filter(name -> !OF_THE_COMMAND_LINE.contains(name) && !name.matches(OF_KUBERNETES))
        .filter(name -> !known.readsVariable(name))
        .map(name -> complaint(name, "the environment", known.variables()))
        .toList();
  }

  private static String complaint(String name, String origin, List<String> known) {
    return "'%s' (from %s) is a setting that nobody reads.%s"
        .formatted(name, origin, Nearest.question(name, known));
  }

  private static String origin(PropertySource<?> source, String name) {
    Origin origin = OriginLookup.getOrigin(source, name);
    return origin == null ? source.getName() : origin.toString();
  }
}
