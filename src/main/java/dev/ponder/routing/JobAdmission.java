package dev.ponder.routing;

import dev.ponder.job.Admission;
import dev.ponder.job.JobProblem.InvalidSubmission;
import dev.ponder.journal.storage.StorageRoom;
import dev.ponder.model.Models;
import dev.ponder.stage.Pipeline;
import dev.ponder.stage.Pipelines;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Settles at the door which model thinks in which pipeline.
@Component
public class JobAdmission implements Admission {

  private final Pipelines pipelines;
  private final PinnedPipelines pinned;
  private final Models models;
  private final StorageRoom room;

  public JobAdmission(
      Pipelines pipelines, PinnedPipelines pinned, Models models, StorageRoom room) {
    this.pipelines = pipelines;
    this.pinned = pinned;
    this.models = models;
    this.room = room;
  }

  @Override
  public Admitted admit(@Nullable String pipelineName, @Nullable String modelName) {
    String model = modelName == null ? models.defaultModel() : modelName;
    if (!models.names().contains(model)) {
      throw new InvalidSubmission(
          "model",
          "There is no model '%s'. GET /v1/models lists the models there are.".formatted(model),
          models.names());
    }
    String name = pipelineName == null ? models.pipeline(model) : pipelineName;
    Pipeline pipeline =
        pipelines
            .find(name)
            .orElseThrow(
                () ->
                    new InvalidSubmission(
                        "pipeline",
                        "There is no pipeline '%s'. GET /v1/pipelines lists the pipelines there are."
                            .formatted(name),
                        pipelines.all().stream().map(Pipeline::name).toList()));
    // Last: a submission that is wrong is told so, however full it is here.
    room.require();
    pinned.pin(pipeline);
    return new Admitted(pipeline.name(), pipeline.hash(), model, pipeline.timeout());
  }
}
