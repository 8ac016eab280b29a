package dev.ponder.bench;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.CacheType;
import dev.ponder.bench.BareScript.Asked;
import dev.ponder.bench.BareScript.Said;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The bare engine: a process that does nothing but drive jllama's slots with a bare script. Reads
/// `seed TAB prompt` per line and answers `tokens TAB nanoseconds TAB answer`.
final class BareLlama {

  private static final int SLOTS = 6;
  private static final int CONTEXT = 2048;
  private static final VarHandle FIELDS = fields();

  private final LlamaModel model;

  private BareLlama(String file) {
    model =
        new LlamaModel(
            new ModelParameters()
                .setModel(file)
                .setCtxSize(SLOTS * CONTEXT + 64)
                .setParallel(SLOTS)
                .setThreads(1)
                .setThreadsBatch(1)
                .setBatchSize(256)
                .setUbatchSize(256)
                .setPredict(-1)
                .setCacheTypeK(CacheType.F16)
                .setCacheTypeV(CacheType.F16)
                .setSlotPromptSimilarity(0)
                .disableContextShift()
                .enableContBatching()
                .skipWarmup()
                .disablePerf()
                .disableLog()
                .setLogVerbosity(-1));
  }

  public static void main(String[] arguments) throws Exception {
    var bare = new BareLlama(arguments[0]);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (var script = new BareScript(bare::say)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int tab = line.indexOf('\t');
        long start = System.nanoTime();
        var done =
            script.think(
                line.substring(tab + 1).replace("\\n", "\n"),
                Long.parseLong(line.substring(0, tab)));
        long took = System.nanoTime() - start;
        System.out.println(done.tokens() + "\t" + took + "\t" + done.answer().replace("\n", "\\n"));
      }
    }
    // The library frees nothing by itself, and its threads would keep the process.
    Runtime.getRuntime().halt(0);
  }

  private Said say(Asked asked) {
    String prompt =
        "<|im_start|>system\n%s<|im_end|>\n<|im_start|>user\n%s<|im_end|>\n<|im_start|>assistant\n<think>\n"
            .formatted(asked.system(), asked.user());
    var parameters =
        new InferenceParameters(prompt)
            .setNPredict(asked.maxTokens())
            .setTemperature((float) asked.temperature())
            .setTopK(20)
            .setTopP(0.95f)
            .setMinP(0)
            .setRepeatPenalty(1)
            .setCachePrompt(true)
            .setSeed((int) asked.seed());
    inSlot(parameters, asked.line());
    LlamaIterator outputs = model.generate(parameters).iterator();
    var text = new StringBuilder();
    int tokens = 0;
    while (outputs.hasNext()) {
      String output = outputs.next().text;
      if (!outputs.hasNext()) {
        break; // The last output is an empty marker.
      }
      tokens++;
      text.append(output);
    }
    return new Said(text.toString(), tokens);
  }

  @SuppressWarnings("unchecked")
  private static void inSlot(InferenceParameters parameters, int slot) {
    ((Map<String, String>) FIELDS.get(parameters)).put("id_slot", Integer.toString(slot));
  }

  private static VarHandle fields() {
    try {
      Class<?> json = InferenceParameters.class.getSuperclass();
      return MethodHandles.privateLookupIn(json, MethodHandles.lookup())
          .findVarHandle(json, "parameters", Map.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
