package dev.ponder.engine.jllama.seat;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.CacheType;
import de.kherud.llama.args.MiroStat;
import dev.ponder.engine.gguf.GgufHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// The native model. Every call here has been made safe by its caller: the library ends the whole
/// process on a number out of range, on an id it does not know and on text that is too uniform.
public final class SeatModel implements AutoCloseable {
  /// Longest step of the engine in tokens. It bounds how long a cancel waits and how long a prompt
  /// holds up the other sequences; smaller ones were also faster on CPUs.
  static final int BATCH = 256;

  private static final VarHandle FIELDS;
  private static final VarHandle NATIVE;

  static {
    try {
      Class<?> json = InferenceParameters.class.getSuperclass();
      FIELDS =
          MethodHandles.privateLookupIn(json, MethodHandles.lookup())
              .findVarHandle(json, "parameters", Map.class);
      NATIVE =
          MethodHandles.privateLookupIn(LlamaModel.class, MethodHandles.lookup())
              .findVarHandle(LlamaModel.class, "ctx", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LlamaModel model;
  private final GgufHeader header;
  private final Tokenizer tokenizer;
  private final OutputIds outputIds;
  private final AtomicInteger reading = new AtomicInteger();
  private volatile long lastResult = System.nanoTime();

  private SeatModel(LlamaModel model, GgufHeader header) {
    this.model = model;
    this.header = header;
    this.tokenizer = new Tokenizer(model::encode, header.specialTokens());
    this.outputIds = new OutputIds(header.vocabulary(), model::decode);
  }

  /// Unpacks and loads the native library, which the model then needs no file for.
  static void loadLibrary() {
    try {
      MethodHandles.lookup().ensureInitialized(LlamaModel.class);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param file of the model, by the name that the library understands
  public static SeatModel load(JllamaModel wanted, Path file, GgufHeader header) {
    LlamaModel model = new LlamaModel(parameters(wanted, file));
    // A parameter that the native parser refuses gives an object without a model behind it, and
    // its first use ends the process.
    if ((long) NATIVE.get(model) == 0) {
      throw new IllegalStateException("the native library refused its parameters");
    }
    return new SeatModel(model, header);
  }

  /// The library takes paths as the JVM writes them for C, which has its own way with letters
  /// beyond 16 bits: an emoji arrives as six bytes that name no file. Such a file gets another
  /// name, in the folder that ends with the seat.
  static Path nativePath(Path file) {
    if (file.toString().chars().noneMatch(letter -> Character.isSurrogate((char) letter))) {
      return file;
    }
    Path link =
        Path.of(System.getProperty(Seat.LIBRARY_FOLDER, System.getProperty("java.io.tmpdir")))
            .resolve("model.gguf");
    try {
      return Files.createSymbolicLink(link, file);
    } catch (IOException | UnsupportedOperationException noLinksHere) {
      try {
        return Files.copy(file, link);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Everything that matters is set: what is left unset would come from LLAMA_ARG_* variables. The
  /// chat template of the file is never parsed or run by the library, which has no limit for
  /// either; prompts are written by [ChatMl].
  private static ModelParameters parameters(JllamaModel wanted, Path file) {
    return new ModelParameters()
        .setModel(file.toString())
        .setCtxSize(wanted.sequences() * wanted.contextTokens() + 64)
        .setParallel(wanted.sequences())
        .setThreads(wanted.threads())
        .setThreadsBatch(wanted.threads())
        .setBatchSize(BATCH)
        .setUbatchSize(BATCH)
        .setPredict(-1)
        .setKeep(0)
        .setCacheTypeK(CacheType.F16)
        .setCacheTypeV(CacheType.F16)
        .setCacheReuse(0)
        .setSlotPromptSimilarity(0)
        .setDryMultiplier(0)
        .setXtcProbability(0)
        .setChatTemplate("chatml")
        .disableContextShift()
        .enableContBatching()
        .skipWarmup()
        .disablePerf()
        .disableLog()
        .setLogVerbosity(-1);
  }

  /// Token ids of a text, without the token that some models want before a prompt.
  public int[] encode(String text) {
    return tokenizer.encode(text);
  }

  /// Token ids of what the engine wrote, as far as they can be told.
  int[] idsOf(List<String> outputs) {
    return outputIds.usable() ? outputIds.of(outputs) : encode(String.join("", outputs));
  }

  GgufHeader header() {
    return header;
  }

  /// Evaluates the first `length` ids in a slot, so that a longer prompt finds them there.
  void evaluate(int slot, int[] ids, int length) {
    reading.incrementAndGet();
    lastResult = System.nanoTime();
    try {
      for (LlamaOutput ignored : model.generate(evaluation(slot, ids, length))) {
        lastResult = System.nanoTime();
      }
    } finally {
      reading.decrementAndGet();
    }
  }

  /// Starts a generation; the thread that calls this reads it to its end or cancels it.
  public Reading generate(int slot, int[] ids, CompletionRequest request, int maxTokens) {
    return new Reading(
        model
            .generate(sampled(evaluation(slot, ids, ids.length), request).setNPredict(maxTokens))
            .iterator());
  }

  private static InferenceParameters evaluation(int slot, int[] ids, int length) {
    StringBuilder list = new StringBuilder(length * 5 + 2).append('[');
    for (int i = 0; i < length; i++) {
      list.append(i == 0 ? "" : ",").append(ids[i]);
    }
    InferenceParameters parameters =
        new InferenceParameters("").setNPredict(0).setNKeep(0).setCachePrompt(true);
    raw(parameters, "prompt", list.append(']').toString());
    raw(parameters, "id_slot", Integer.toString(slot));
    return parameters;
  }

  private static InferenceParameters sampled(
      InferenceParameters parameters, CompletionRequest request) {
    return parameters
        .setTemperature((float) request.temperature())
        .setDynamicTemperatureRange(0)
        .setTopK(request.topK())
        .setTopP((float) request.topP())
        .setMinP((float) request.minP())
        .setTypicalP(1)
        .setRepeatLastN(64)
        .setRepeatPenalty((float) request.repeatPenalty())
        .setPresencePenalty((float) request.presencePenalty())
        .setFrequencyPenalty(0)
        .setMiroStat(MiroStat.DISABLED)
        .setMinKeep(0)
        .setIgnoreEos(false)
        .setSeed((int) request.seed());
  }

  @SuppressWarnings("unchecked")
  private static void raw(InferenceParameters parameters, String field, String json) {
    ((Map<String, String>) FIELDS.get(parameters)).put(field, json);
  }

  /// How long the native engine has owed a result; 0 if nobody waits for one.
  long owedMillis() {
    return reading.get() == 0 ? 0 : (System.nanoTime() - lastResult) / 1_000_000;
  }

  /// Ends the native loop. Frees nothing: that happens when the process ends.
  @Override
  public void close() {
    tokenizer.close();
    model.close();
  }

  /// The outputs of one generation.
  public final class Reading {
    private final LlamaIterator outputs;
    private boolean over;

    private Reading(LlamaIterator outputs) {
      this.outputs = outputs;
      reading.incrementAndGet();
      lastResult = System.nanoTime();
    }

    public boolean hasNext() {
      return outputs.hasNext();
    }

    public String next() {
      try {
        String text = outputs.next().text;
        lastResult = System.nanoTime();
        return text;
      } catch (RuntimeException e) {
        // Reading on after an exception would wait for ever.
        end();
        throw e;
      }
    }

    /// Has to be called once by the reading thread, whatever happened: an unread generation runs
    /// on, keeps its slot, and makes all other readers spin.
    public void close() {
      if (!over) {
        if (outputs.hasNext()) {
          outputs.cancel();
        }
        end();
      }
    }

    private void end() {
      over = true;
      reading.decrementAndGet();
    }
  }
}
