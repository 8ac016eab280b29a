package dev.ponder.start;

import dev.ponder.engine.http.ApiKey;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/// What must not be printed of the settings: values of those that hold a secret by their name, and
/// what stands before the `@` of an address. The last net under messages of libraries; our own hold
/// none to begin with.
public final class Secrets {

  /// Parts of names, without what does not count in the name of a setting.
  private static final List<String> NAMES =
      List.of("password", "passwd", "secret", "token", "apikey", "credential");

  /// Shorter ones would make holes in honest words.
  private static final int SHORTEST = 4;

  private static final Pattern LOGIN = Pattern.compile("://[^\\s'\"]*@");
  private static final Pattern IN_QUERY =
      Pattern.compile("(?i)([?&;][\\w-]*(?:password|pwd|secret|token|key)=)[^&;\\s'\"]+");

  /// The longest first: one may be a part of another.
  private final Set<String> known =
      new TreeSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  public Secrets(Map<String, String> environment, @Nullable ConfigurableEnvironment settings) {
    environment.forEach(this::learn);
    if (settings != null) {
      settings.getPropertySources().stream()
          .filter(EnumerablePropertySource.class::isInstance)
          .map(EnumerablePropertySource.class::cast)
          .forEach(this::learn);
    }
  }

  private void learn(EnumerablePropertySource<?> source) {
    for (String name : source.getPropertyNames()) {
      Object value = source.getProperty(name);
      if (value != null) {
        learn(name, value.toString());
      }
    }
  }

  private void learn(String name, String value) {
    if (isSecret(name)) {
      // Of a list, each; and of one with a line break, each line.
      Stream.concat(Stream.of(value.strip()), Stream.of(value.split("[,\\s]+"))).forEach(this::add);
    }
    int start = value.indexOf("://");
    int at = value.lastIndexOf('@');
    if (start >= 0 && at > start) {
      String login = value.substring(start + 3, at);
      add(login);
      int colon = login.indexOf(':');
      Stream.of(login.substring(colon + 1).split("[,\\s]+")).forEach(this::add);
    }
  }

  private void add(String secret) {
    if (secret.length() >= SHORTEST) {
      known.add(secret);
    }
  }

  /// Whether a setting or a variable of this name holds a secret: `ponder.models.big.key`,
  /// `PONDER_APIKEYS`, `spring.datasource.password`.
  static boolean isSecret(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("\\[\\d+]$", "");
    String uniform = plain.replaceAll("[^a-z0-9]", "");
    return NAMES.stream().anyMatch(uniform::contains)
        || plain.matches("(.*[._-])?keys?([._-]\\d+)?");
  }

  public String hiddenIn(String text) {
    String hidden = text;
    for (String secret : known) {
      hidden = hidden.replace(secret, ApiKey.HIDDEN);
    }
    hidden = LOGIN.matcher(hidden).replaceAll("://" + ApiKey.HIDDEN + "@");
    return IN_QUERY.matcher(hidden).replaceAll("$1" + ApiKey.HIDDEN);
  }
}
