package dev.ponder.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What a GGUF file says of the model in it, read without loading it. A native loader says only
/// that it failed, or ends its process; this reader says why, so every file passes here first.
public final class GgufHeader {
  private static final int MAGIC = 0x46554747;
  private static final int NORMAL_TOKEN = 1;

  private final Path file;
  private final int version;
  private final Map<String, Object> values;
  private final List<String> specialTokens;

  private GgufHeader(Path file, int version, Map<String, Object> values, List<String> special) {
    this.file = file;
    this.version = version;
    this.values = values;
    this.specialTokens = special;
  }

  /// Reads the header and checks that all tensors it names lie inside the file.
  ///
  /// @throws EngineException.Unusable with the reason: missing, empty, a folder, not GGUF, cut off,
  ///     damaged
  public static GgufHeader read(Path file) {
    if (!Files.exists(file)) {
      throw unusable(file, "does not exist. Check the path of the model");
    }
    if (Files.isDirectory(file)) {
      throw unusable(file, "is a folder. Name the .gguf file inside it");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return read(file, channel);
    } catch (IOException e) {
      throw new EngineException.Unusable(
          "The model file %s cannot be read: %s. Check its permissions and its disk."
              .formatted(file, e),
          e);
    } catch (GgufReader.CutOff e) {
      throw unusable(
          file,
          "is cut off: its header needs at least %,d bytes more than the %,d it has. Download it again"
              .formatted(e.missing(), e.size()));
    } catch (GgufReader.Damaged e) {
      throw unusable(file, "is damaged: " + e.getMessage() + ". Download it again");
    }
  }

  private static GgufHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size == 0) {
      throw unusable(file, "is empty. Download it again");
    }
    ByteBuffer start = ByteBuffer.allocate(4).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    channel.read(start, 0);
    if (start.position() < 4 || start.getInt(0) != MAGIC) {
      throw unusable(file, "is not a GGUF file: it does not begin with the letters GGUF");
    }
    GgufReader in = new GgufReader(channel);
    in.uint32();
    int version = in.uint32();
    if (version < 2 || version > 3) {
      throw unusable(file, "is GGUF version %d; versions 2 and 3 can be read".formatted(version));
    }
    long tensors = in.count("tensors");
    Map<String, Object> values = in.entries(in.count("entries"));
    List<String> special = specialTokens(values);
    values.remove("tokenizer.ggml.tokens");
    values.remove("tokenizer.ggml.token_type");
    GgufHeader header = new GgufHeader(file, version, values, special);
    if (header.architecture().isEmpty()) {
      throw unusable(file, "is damaged: it names no architecture. Download it again");
    }
    long alignment = header.number("general.alignment", 32);
    long end = in.tensorDataEnd(tensors, alignment);
    if (end > size) {
      throw unusable(
          file,
          "is cut off: %,d of %,d bytes are missing. Download it again".formatted(end - size, end));
    }
    return header;
  }

  private static List<String> specialTokens(Map<String, Object> values) {
    if (!(values.get("tokenizer.ggml.tokens") instanceof List<?> tokens)) {
      return List.of();
    }
    values.put("tokenizer.count", (long) tokens.size());
    for (String role : List.of("bos", "eos")) {
      if (values.get("tokenizer.ggml." + role + "_token_id") instanceof Long id
          && id >= 0
          && id < tokens.size()
          && tokens.get(id.intValue()) instanceof String text) {
        values.put("tokenizer." + role, text);
      }
    }
    List<String> special = new ArrayList<>();
    if (values.get("tokenizer.ggml.token_type") instanceof long[] types) {
      for (int i = 0; i < Math.min(types.length, tokens.size()); i++) {
        // User-defined tokens can be plain words or blanks; only tags are special in a text.
        if (types[i] != NORMAL_TOKEN && tokens.get(i) instanceof String text && isTag(text)) {
          special.add(text);
        }
      }
    }
    return List.copyOf(special);
  }

  /// Byte tokens such as `<0x0A>` are how a tokenizer writes bytes, not tags of a template.
  private static boolean isTag(String text) {
    return text.length() > 2
        && text.startsWith("<")
        && text.endsWith(">")
        && !text.startsWith("<0x");
  }

  private static EngineException.Unusable unusable(Path file, String what) {
    return new EngineException.Unusable("The model file %s %s.".formatted(file, what), null);
  }

  public Path file() {
    return file;
  }

  public int version() {
    return version;
  }

  /// The family of the model, such as `qwen2`; it decides which engine can load it.
  public String architecture() {
    return values.get("general.architecture") instanceof String text ? text : "";
  }

  /// The name its maker gave it, or the name of the file.
  public String name() {
    Path last = file.getFileName();
    return values.get("general.name") instanceof String text
        ? text
        : last == null ? file.toString() : last.toString();
  }

  /// The context it was trained for, in tokens; 0 if the file does not say.
  public int contextTokens() {
    return (int) ofArchitecture("context_length");
  }

  public int blocks() {
    return (int) ofArchitecture("block_count");
  }

  public int heads() {
    return (int) ofArchitecture("attention.head_count");
  }

  public int keyValueHeads() {
    return (int) ofArchitecture("attention.head_count_kv");
  }

  public int vocabulary() {
    return (int) number("tokenizer.count", 0);
  }

  /// llama.cpp's number for how the weights are stored (7 is Q8_0, 15 is Q4_K_M); -1 if unsaid.
  public int fileType() {
    return (int) number("general.file_type", -1);
  }

  /// The same in letters, as files are named by it: `Q4_K_M`. Empty if unsaid or unknown.
  public Optional<String> quantization() {
    return Quantizations.name(fileType());
  }

  /// Width of the model.
  public int embedding() {
    return (int) ofArchitecture("embedding_length");
  }

  /// Elements of one key of one head.
  public int keyLength() {
    return headSize("attention.key_length");
  }

  /// Elements of one value of one head.
  public int valueLength() {
    return headSize("attention.value_length");
  }

  private int headSize(String key) {
    int stated = (int) ofArchitecture(key);
    return stated > 0 || heads() == 0 ? stated : embedding() / heads();
  }

  /// Key/value heads of all layers together; some models have fewer in some layers.
  public long keyValueHeadsOfAllLayers() {
    return values.get(architecture() + ".attention.head_count_kv") instanceof long[] perLayer
        ? Arrays.stream(perLayer).filter(count -> count > 0).sum()
        : (long) blocks() * (keyValueHeads() > 0 ? keyValueHeads() : heads());
  }

  public Optional<String> chatTemplate() {
    return text("tokenizer.chat_template");
  }

  public Optional<String> endOfTurn() {
    return text("tokenizer.eos");
  }

  public Optional<String> beginOfText() {
    return text("tokenizer.bos");
  }

  /// The token to put before a prompt, where the model wants one.
  public OptionalInt prefixToken() {
    boolean wanted = values.get("tokenizer.ggml.add_bos_token") instanceof Boolean add && add;
    long id = number("tokenizer.ggml.bos_token_id", -1);
    return wanted && id >= 0 ? OptionalInt.of((int) id) : OptionalInt.empty();
  }

  /// The texts that the tokenizer turns into one control or tag token, such as `<|im_start|>`.
  public List<String> specialTokens() {
    return specialTokens;
  }

  private Optional<String> text(String key) {
    return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private long ofArchitecture(String key) {
    return number(architecture() + "." + key, 0);
  }

  private long number(String key, long otherwise) {
    @Nullable Object value = values.get(key);
    return value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE
        ? number
        : value instanceof long[] perLayer && perLayer.length > 0 ? perLayer[0] : otherwise;
  }
}
