package dev.ponder.model.profile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A model profile, or one of its modes with the profile below it.
///
/// @param name what a job asks for: `qwen3-8b`, or `qwen3-8b:qa` for a mode
/// @param shown its file, as messages call it
/// @param aliases other names it answers to
/// @param fallback models that take over, in this order, when its engine cannot be had
/// @param pipeline of jobs that name none
/// @param engine that is to run it
/// @param thinkTags the tags between which it thinks, its own first; none are the usual ones
/// @param architecture what the header of its file has to say; null takes any
/// @param parameters what it states, by name
/// @param targets what it promises, by name
/// @param modes overlays of it, by name; a mode has none
public record Profile(
    String name,
    String shown,
    String description,
    String aim,
    List<String> aliases,
    List<String> fallback,
    String pipeline,
    String engine,
    List<String> thinkTags,
    @Nullable String architecture,
    Source source,
    Map<String, Object> parameters,
    Map<String, Double> targets,
    Map<String, Profile> modes) {

  private static final double GIGABYTE = 1e9;

  /// The figures that hold for the one KV cache an engine has; those of a mode add to them.
  private static final List<String> KV_FIGURES =
      List.of(
          "kvCacheGigabytes",
          "thinkingBufferGigabytes",
          "workingMemoryGigabytes",
          "technicalCacheGigabytes",
          "parameterCacheGigabytes",
          "questionBufferGigabytes",
          "answerBufferGigabytes",
          "reasoningBufferGigabytes",
          "verificationCacheGigabytes");

  public Profile {
    aliases = List.copyOf(aliases);
    fallback = List.copyOf(fallback);
    thinkTags = List.copyOf(thinkTags);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    modes = Collections.unmodifiableMap(new LinkedHashMap<>(modes));
  }

  /// The name of the model; a mode runs on the file and the server of its model.
  public String base() {
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  public OptionalInt whole(String parameter) {
    return parameters.get(parameter) instanceof Integer value
        ? OptionalInt.of(value)
        : OptionalInt.empty();
  }

  public @Nullable Double number(String parameter) {
    return parameters.get(parameter) instanceof Double value ? value : null;
  }

  public boolean on(String parameter) {
    return Boolean.TRUE.equals(parameters.get(parameter));
  }

  public @Nullable String text(String parameter) {
    return parameters.get(parameter) instanceof String value ? value : null;
  }

  /// Generations at the same time; what an overlay calls parallel batches goes first.
  public int sequences() {
    return whole("parallelBatches").orElse(whole("sequences").orElse(1));
  }

  /// Tokens that one sequence can hold: what the profile states, else its share of the context, or
  /// all of it where the sequences take what they need from one pool. A server gives none more than
  /// the model was trained for.
  public OptionalInt sequenceTokens() {
    OptionalInt stated = whole("sequenceTokens");
    OptionalInt all = whole("context");
    if (stated.isPresent() || all.isEmpty()) {
      return stated;
    }
    int share = on("memoryPooling") ? all.getAsInt() : all.getAsInt() / sequences();
    return OptionalInt.of(Math.min(share, trained()));
  }

  /// Tokens that one sequence makes sense with.
  int trained() {
    Double factor = number("ropeFactor");
    return factor != null && factor > 1
        ? Integer.MAX_VALUE
        : whole("contextNative").orElse(Integer.MAX_VALUE);
  }

  /// Bytes of memory set aside for the model.
  public OptionalLong memoryBytes() {
    return bytes(number("memoryGigabytes"));
  }

  /// Bytes its file has at most.
  public OptionalLong fileBytesMax() {
    return bytes(number("weightsGigabytes"));
  }

  /// Bytes its KV cache takes at most: the sum of all figures that stand for a part of it.
  public OptionalLong kvBytesMax() {
    double sum = 0;
    for (String figure : KV_FIGURES) {
      Double value = number(figure);
      sum += value == null ? 0 : value;
    }
    return sum == 0 ? OptionalLong.empty() : bytes(sum);
  }

  private static OptionalLong bytes(@Nullable Double gigabytes) {
    return gigabytes == null
        ? OptionalLong.empty()
        : OptionalLong.of(Math.round(gigabytes * GIGABYTE));
  }

  /// How keys and values are stored, by the precedence of the parameter list.
  public String kvType() {
    if (on("fullPrecisionKv")) {
      return "f16";
    }
    String type = text("kvType");
    return on("kvCompression") ? "q8_0" : type == null ? "f16" : type;
  }

  /// The start-up options of llama-server that carry this profile, without model file, address and
  /// key. An option that a later parameter states again has the later value.
  public List<String> llamaServerOptions() {
    Map<String, List<String>> options = new LinkedHashMap<>();
    for (Parameter parameter : Parameters.all().values()) {
      Object value = parameters.get(parameter.name());
      if (value != null) {
        String option = null;
        for (String word : parameter.on(Parameter.LLAMA_SERVER).options(value)) {
          if (word.matches("--?[a-zA-Z].*")) {
            option = word;
            options.put(option, new ArrayList<>());
          } else if (option != null) {
            options.get(option).add(word);
          }
        }
      }
    }
    List<String> words = new ArrayList<>();
    options.forEach(
        (option, values) -> {
          words.add(option);
          words.addAll(values);
        });
    return List.copyOf(words);
  }

  /// What the profile states and its engine does not carry, each with the reason.
  public Map<String, String> notCarried() {
    Map<String, String> reasons = new LinkedHashMap<>();
    parameters.forEach(
        (name, value) -> {
          Parameter parameter = Parameters.all().find(name);
          String why = parameter == null ? null : parameter.on(engine).refusal(value);
          if (why != null) {
            reasons.put(name, why);
          }
        });
    return reasons;
  }

  Profile with(Map<String, Profile> itsModes) {
    return new Profile(
        name,
        shown,
        description,
        aim,
        aliases,
        fallback,
        pipeline,
        engine,
        thinkTags,
        architecture,
        source,
        parameters,
        targets,
        itsModes);
  }

  /// This profile and its modes with what the settings of the service say.
  ///
  /// @param tokens of one sequence at most
  public Profile adjusted(
      @Nullable Integer tokens, @Nullable Integer sequences, @Nullable Integer threads) {
    Map<String, Object> all = new LinkedHashMap<>(parameters);
    if (threads != null) {
      all.put("threads", threads);
    }
    if (sequences != null) {
      all.put("sequences", sequences);
      all.remove("parallelBatches");
    }
    int wanted = sequences != null ? sequences : sequences();
    Integer each = tokens != null ? tokens : (Integer) parameters.get("sequenceTokens");
    boolean own = !on("memoryPooling") && each != null && (tokens != null || sequences != null);
    if (tokens != null) {
      all.put("sequenceTokens", tokens);
    }
    if (own || tokens != null) {
      all.put("context", Math.multiplyExact(each == null ? 0 : each, wanted));
    }
    Map<String, Profile> adjusted = new LinkedHashMap<>();
    modes.forEach((name, mode) -> adjusted.put(name, mode.adjusted(tokens, sequences, threads)));
    return new Profile(
        name,
        shown,
        description,
        aim,
        aliases,
        fallback,
        pipeline,
        engine,
        thinkTags,
        architecture,
        source,
        all,
        targets,
        adjusted);
  }

  /// A mode: this profile with other values laid over it.
  Profile overlaid(String mode, String what, Map<String, Object> values, Map<String, Double> aims) {
    Map<String, Object> all = new LinkedHashMap<>(parameters);
    all.putAll(values);
    Map<String, Double> promised = new LinkedHashMap<>(targets);
    promised.putAll(aims);
    return new Profile(
        name + ":" + mode,
        shown,
        what,
        aim,
        aliases.stream().map(alias -> alias + ":" + mode).toList(),
        fallback,
        pipeline,
        engine,
        thinkTags,
        architecture,
        source,
        all,
        promised,
        Map.of());
  }
}
