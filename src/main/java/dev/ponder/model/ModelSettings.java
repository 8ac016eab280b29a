package dev.ponder.model;

import dev.ponder.engine.http.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which models there are.
///
/// @param models the models by name, described below
/// @param defaultModel the model of a job that names none, unless a server is attached
/// @param pace tokens per second at most in each thought, for models whose profile says nothing; 0
///     is as fast as it goes
/// @param data the folder that Ponder keeps everything in, readable by its own user only (folder
///     0700, files 0600)
/// @param llamaServer running llama-servers to attach; the model of the first one becomes the
///     default
/// @param openai running OpenAI-compatible servers to attach, with all models they list; the first
///     of the first one becomes the default where no llama-server is attached
/// @param attachLimit how long an attached server may take to say which model it holds
/// @param attachInterval how often a server that has not said it yet is asked again, at most
@ConfigurationProperties("ponder")
record ModelSettings(
    @Nullable Map<String, ModelProfile> models,
    @DefaultValue("mini") String defaultModel,
    @DefaultValue("0") double pace,
    @DefaultValue("./data") Path data,
    @Nullable List<ServerAddress> llamaServer,
    @Nullable List<ServerAddress> openai,
    @DefaultValue("2s") Duration attachLimit,
    @DefaultValue("10s") Duration attachInterval) {

  private static final int NAME_MAX = 200;

  ModelSettings {
    models = models == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(models));
    llamaServer = llamaServer == null ? List.of() : List.copyOf(llamaServer);
    openai = openai == null ? List.of() : List.copyOf(openai);
    ModelProfile.checkPace("ponder.pace", pace);
    for (String name : models.keySet()) {
      if (name.isBlank() || name.length() > NAME_MAX) {
        throw new IllegalArgumentException(
            "A model is named '%s': a name has 1 to %d characters".formatted(name, NAME_MAX));
      }
    }
  }
}
