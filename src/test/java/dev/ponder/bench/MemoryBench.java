package dev.ponder.bench;

import dev.ponder.engine.ScriptedEngine;
import dev.ponder.journal.Journals;
import dev.ponder.memory.Thought;
import dev.ponder.stage.Stage;
import dev.ponder.thinking.LongThought;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much of a context a thought of 20,000 scripted tokens takes at most, with compression and
/// without, and how many of the facts that it stated are there at its end.
final class MemoryBench {

  private static final int LARGE = 32_768;
  private static final int SMALL = 4_096;

  private final Results results;

  MemoryBench(Results results) {
    this.results = results;
  }

  void run(Path scratch) throws IOException {
    Path pipelines = scratch.resolve("memory-pipelines");
    LongThought.pipeline(pipelines, 24_000, 1500);
    Path file = pipelines.resolve(LongThought.PIPELINE + ".yaml");
    String source = Files.readString(file);
    Files.writeString(
        pipelines.resolve("without.yaml"), source.substring(0, source.indexOf("compression:")));
    int without = measure(scratch, pipelines, "without", LARGE);
    int with = measure(scratch, pipelines, LongThought.PIPELINE, SMALL);
    results.add(
        "peak context with compression against without, %",
        Results.number(100.0 * (with - without) / without),
        "<= -70",
        "the same thought of 20,000 scripted tokens in both");
  }

  private int measure(Path scratch, Path pipelines, String pipeline, int context) {
    var script = new LongThought(1350, 30);
    var scripted =
        new ScriptedEngine("scripted").can(LongThought.context(context)).writes(script::turn);
    var engine = new SmallContext(scripted, context);
    try (var service =
        new BenchService(
            scratch.resolve("memory-" + pipeline),
            engine,
            "ponder.journal.chunk-tokens=1024",
            "ponder.pipelines-folder=" + pipelines)) {
      var job = service.answered(service.submit("Which codes?", pipeline, 7));
      Thought thought =
          service.bean(Journals.class).thoughts(job.id()).stream()
              .filter(each -> each.key().stage() == Stage.DEEP_EXPLORATION)
              .findFirst()
              .orElseThrow();
      String how =
          "a context of %d; %d tokens thought; %d of %d planted facts in the conclusion"
              .formatted(
                  context,
                  thought.tokens(),
                  LongThought.codesIn(thought.conclusion()).size(),
                  script.codes().size());
      results.add(
          "most tokens in the context, pipeline " + pipeline,
          Results.number(engine.peak()),
          "",
          how);
      return engine.peak();
    }
  }
}
