package dev.ponder.model.profile;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where model profiles come from.
///
/// @param profilesFolder a folder whose `.yaml` and `.yml` files are model profiles besides the
///     packed ones; a file with the name of a packed one replaces it. The default folder may be
///     missing
@ConfigurationProperties("ponder")
public record ProfileSettings(
    // A String, because the conversion to a path looks on the classpath first.
    @DefaultValue(DEFAULT_FOLDER) String profilesFolder) {

  public static final String DEFAULT_FOLDER = "model-profiles";
}
