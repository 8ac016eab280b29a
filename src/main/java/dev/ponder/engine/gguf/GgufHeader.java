package dev.ponder.engine.gguf;

import dev.ponder.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
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

  /// Bytes that a tensor and an entry take at least in the header.
  private static final int TENSOR_LEAST = 33;

  private static final int ENTRY_LEAST = 14;

  private final Path file;
  private final Version seen;
  private final int version;
  private final GgufMetadata metadata;
  private final GgufVocabulary vocabulary;
  private final List<GgufTensor> tensors;

  private GgufHeader(
      Path file,
      Version seen,
      int version,
      GgufMetadata metadata,
      GgufVocabulary vocabulary,
      List<GgufTensor> tensors) {
    this.file = file;
    this.seen = seen;
    this.version = version;
    this.metadata = metadata;
    this.vocabulary = vocabulary;
    this.tensors = tensors;
  }

  /// Reads the header and checks every size, offset, count and type in it, so that a native parser
  /// can be given the file. A model in several files is checked in all of them.
  ///
  /// @throws EngineException.Unusable with the reason: missing, empty, a folder, not GGUF, cut off,
  ///     damaged
  public static GgufHeader read(Path file) {
    GgufHeader header = readOne(file);
    for (Path part : header.furtherParts()) {
      readOne(part);
    }
    return header;
  }

  private static GgufHeader readOne(Path file) {
    if (!Files.exists(file)) {
      throw unusable(file, "does not exist. Check the path of the model");
    }
    if (Files.isDirectory(file)) {
      throw unusable(file, "is a folder. Name the .gguf file inside it");
    }
    if (!Files.isRegularFile(file)) {
      throw unusable(file, "is a device or a pipe. Name a .gguf file");
    }
    try {
      Version seen = Version.of(file);
      try (FileChannel channel = FileChannel.open(file)) {
        return read(file, seen, channel);
      }
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

  private static GgufHeader read(Path file, Version seen, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size == 0) {
      throw unusable(file, "is empty. Download it again");
    }
    ByteBuffer start = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    channel.read(start, 0);
    if (start.position() < 4 || start.getInt(0) != MAGIC) {
      throw unusable(file, "is not a GGUF file: it does not begin with the letters GGUF");
    }
    GgufReader in = new GgufReader(channel);
    in.uint32();
    int version = in.uint32();
    checkVersion(file, version);
    long tensors = in.count("tensors", TENSOR_LEAST, GgufReader.TENSORS_MAX);
    Map<String, GgufValue> values =
        in.entries(in.count("entries", ENTRY_LEAST, GgufReader.ENTRIES_MAX));
    GgufMetadata metadata = new GgufMetadata(values);
    metadata.check();
    GgufReader.Tensors described = in.tensors(tensors, metadata.alignment());
    checkEnd(file, size, described);
    GgufVocabulary vocabulary = GgufVocabulary.read(in, metadata);
    return new GgufHeader(file, seen, version, metadata, vocabulary, described.all());
  }

  private static void checkVersion(Path file, int version) {
    if (version < 2 || version > 3) {
      boolean swapped = Integer.reverseBytes(version) >= 1 && Integer.reverseBytes(version) <= 3;
      throw unusable(
          file,
          swapped
              ? "is written for big-endian machines; get the little-endian one"
              : "is GGUF version %s; versions 2 and 3 can be read"
                  .formatted(Integer.toUnsignedString(version)));
    }
  }

  private static void checkEnd(Path file, long size, GgufReader.Tensors described) {
    if (described.end() > size) {
      throw unusable(
          file,
          "is cut off: %,d of %,d bytes are missing. Download it again"
              .formatted(described.end() - size, described.end()));
    }
    if (!described.all().isEmpty() && described.padded() < size) {
      throw unusable(
          file,
          "has %,d bytes behind its last tensor, which nothing in it speaks of. Download it again"
              .formatted(size - described.padded()));
    }
  }

  /// llama.cpp finds the other parts by the name of the first one.
  private List<Path> furtherParts() {
    int parts = metadata.parts();
    if (parts == 1) {
      return List.of();
    }
    String name = String.valueOf(file.getFileName());
    String end = "-%05d-of-%05d.gguf".formatted(1, parts);
    if (!name.endsWith(end)) {
      throw unusable(
          file,
          "is a part of a model in %d files, and not the first one by its name. Name the file that ends in %s"
              .formatted(parts, end));
    }
    String stem = name.substring(0, name.length() - end.length());
    List<Path> further = new ArrayList<>();
    for (int part = 2; part <= parts; part++) {
      further.add(file.resolveSibling("%s-%05d-of-%05d.gguf".formatted(stem, part, parts)));
    }
    return further;
  }

  /// Which bytes a path led to.
  private record Version(@Nullable Object key, long size, FileTime changed) {
    static Version of(Path file) throws IOException {
      BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(seen.fileKey(), seen.size(), seen.lastModifiedTime());
    }
  }

  /// Whoever gives the file to a native parser asks this afterwards, and throws away what the
  /// parser made of it.
  ///
  /// @throws EngineException.Unusable if the path leads to other bytes than those that were checked
  public void requireUnchanged() {
    try {
      if (Version.of(file).equals(seen)) {
        return;
      }
    } catch (IOException gone) {
      // As good as changed.
    }
    throw unusable(file, "was changed while it was being loaded. Try again when it stays as it is");
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
    return metadata.architecture();
  }

  /// The name its maker gave it, or the name of the file.
  public String name() {
    Path last = file.getFileName();
    return metadata
        .text("general.name")
        .orElseGet(() -> last == null ? file.toString() : last.toString());
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
    return vocabulary.size();
  }

  /// llama.cpp's number for how the weights are stored (7 is Q8_0, 15 is Q4_K_M); -1 if unsaid.
  public int fileType() {
    return (int) metadata.number("general.file_type", -1);
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
    long[] perLayer = metadata.wholes(architecture() + ".attention.head_count_kv");
    return perLayer.length > 0
        ? Arrays.stream(perLayer).sum()
        : (long) blocks() * (keyValueHeads() > 0 ? keyValueHeads() : heads());
  }

  public Optional<String> chatTemplate() {
    return metadata.text("tokenizer.chat_template");
  }

  public Optional<String> endOfTurn() {
    return vocabulary.endOfTurn();
  }

  public Optional<String> beginOfText() {
    return vocabulary.beginOfText();
  }

  /// The token to put before a prompt, where the model wants one.
  public OptionalInt prefixToken() {
    boolean wanted = metadata.flag("tokenizer.ggml.add_bos_token");
    long id = metadata.number("tokenizer.ggml.bos_token_id", -1);
    return wanted && id >= 0 ? OptionalInt.of((int) id) : OptionalInt.empty();
  }

  /// The texts that the tokenizer turns into one control or tag token, such as `<|im_start|>`.
  public List<String> specialTokens() {
    return vocabulary.special();
  }

  /// A value below the name of the architecture, such as `rope.scaling.type`.
  public Optional<String> textOfArchitecture(String key) {
    return metadata.text(architecture() + "." + key);
  }

  /// The same for a whole number; 0 if the file does not say.
  public long numberOfArchitecture(String key) {
    return ofArchitecture(key);
  }

  /// How texts become tokens: `gpt2`, `llama` and others. Empty if unsaid.
  public Optional<String> tokenizer() {
    return metadata.text("tokenizer.ggml.model");
  }

  public List<GgufTensor> tensors() {
    return tensors;
  }

  private long ofArchitecture(String key) {
    return metadata.number(architecture() + "." + key, 0);
  }
}
