package dev.ponder.stage;

import java.util.Arrays;
import java.util.Optional;

/// What a pipeline can turn on. Each one changes a prompt (its templates name it as a section) or
/// the run itself; [Pipelines] refuses a file that turns on a switch that would change nothing.
public enum Switch {
  METACOGNITION("metacognition", false),
  UNCERTAINTY_QUANTIFICATION("uncertaintyQuantification", false),
  ALTERNATIVE_CONSIDERATION("alternativeConsideration", false),
  ASSUMPTION_CHECKING("assumptionChecking", false),
  SELF_REFLECTION("selfReflection", false),
  /// The run: verification may send the job back to exploration once.
  ERROR_CORRECTION("errorCorrection", true),
  /// The run: the model's stated confidence counts in the answer's confidence.
  CONFIDENCE_ASSESSMENT("confidenceAssessment", true),
  /// The run: each stage's conclusion shows in the job's progress as soon as it is there.
  PROGRESSIVE_REVELATION("progressiveRevelation", true);

  private final String key;
  private final boolean changesRun;

  Switch(String key, boolean changesRun) {
    this.key = key;
    this.changesRun = changesRun;
  }

  /// The name in the pipeline file and in its templates.
  public String key() {
    return key;
  }

  /// Whether it changes the run itself, so that no template has to name it.
  public boolean changesRun() {
    return changesRun;
  }

  public static Optional<Switch> of(String key) {
    return Arrays.stream(values()).filter(option -> option.key.equals(key)).findFirst();
  }
}
