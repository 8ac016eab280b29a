package dev.ponder.stage;

import dev.ponder.yaml.YamlDocument;
import dev.ponder.yaml.YamlFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// The pipelines of `stage-configs/` in the jar and of the folder on disk, read once at start-up.
/// If any file has a mistake, none is used and the service does not start.
@Component
public final class YamlPipelines implements Pipelines {

  private final Map<String, Pipeline> pipelines;

  public YamlPipelines(PipelineSettings settings) {
    var folder =
        new YamlFolder(PipelineSettings.DEFAULT_FOLDER, "pipeline", "ponder.pipelines-folder");
    pipelines =
        folder.read(
            settings.pipelinesFolder(),
            file -> PipelineReader.read(file.shown(), file.name(), file.text()));
  }

  @Override
  public Optional<Pipeline> find(String name) {
    return Optional.ofNullable(pipelines.get(name));
  }

  @Override
  public List<Pipeline> all() {
    return List.copyOf(pipelines.values());
  }

  @Override
  public Pipeline parse(String name, String source) {
    return PipelineReader.read(name, name, YamlDocument.canonical(source));
  }
}
