package dev.ponder.stage;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where pipelines come from.
///
/// @param pipelinesFolder a folder whose `.yaml` and `.yml` files are pipelines besides the packed
///     ones; a file with the name of a packed one replaces it. The default folder may be missing
@ConfigurationProperties("ponder")
public record PipelineSettings(
    // A String, because the conversion to a path looks on the classpath first.
    @DefaultValue(DEFAULT_FOLDER) String pipelinesFolder) {

  static final String DEFAULT_FOLDER = "stage-configs";
}
