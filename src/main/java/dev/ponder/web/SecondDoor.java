package dev.ponder.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/// A setting would open a port of its own, behind which neither the address, nor the key, nor any
/// limit of the service counts.
public final class SecondDoor extends RuntimeException {

  private static final String JMX = "com.sun.management.jmxremote";

  private final String instead;

  private SecondDoor(String setting, String instead) {
    super(
        "%s would open a second port, and what protects the service (address, API keys, limits) does not reach behind it."
            .formatted(setting));
    this.instead = instead;
  }

  /// Refuses every setting of the kind that this build would follow.
  public static void refuse(Environment environment) {
    if (ManagementPortType.get(environment) == ManagementPortType.DIFFERENT
        || environment.containsProperty("management.server.address")) {
      throw new SecondDoor(
          environment.containsProperty("management.server.port")
              ? "management.server.port"
              : "management.server.address",
          "Leave management.server.* out: the actuator answers at server.port, with a key. A reverse proxy can keep /actuator from others.");
    }
    String database = environment.getProperty("spring.datasource.url", "");
    if (database.toUpperCase(Locale.ROOT).replace(" ", "").contains("AUTO_SERVER=TRUE")) {
      throw new SecondDoor(
          "AUTO_SERVER=TRUE in spring.datasource.url",
          "Leave it out, or use PostgreSQL where several processes need the database.");
    }
    if (environment.containsProperty(JMX + ".port")
        && "false".equalsIgnoreCase(environment.getProperty(JMX + ".authenticate"))
        && !loopback(environment.getProperty(JMX + ".host"))) {
      throw new SecondDoor(
          "-D" + JMX + ".port without authentication",
          "Set -D%s.authenticate=true, or -D%s.host=127.0.0.1.".formatted(JMX, JMX));
    }
  }

  private static boolean loopback(@Nullable String host) {
    try {
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }

  /// Says so without a stack trace.
  static final class Analyzer extends AbstractFailureAnalyzer<SecondDoor> {
    @Override
    protected FailureAnalysis analyze(Throwable failure, SecondDoor cause) {
      return new FailureAnalysis(cause.getMessage(), cause.instead, cause);
    }
  }
}
