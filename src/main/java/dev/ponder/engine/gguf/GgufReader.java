package dev.ponder.engine.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads the elements of a GGUF header, little endian, and trusts none of its numbers: a count is
/// accepted only if the file could still hold that many elements, sums and products are checked,
/// and nothing is allocated by a number that stands in the file. What it accepts, a native parser
/// reads without an overflow, older ones too.
final class GgufReader {

  /// Four times the longest header known, that of a vocabulary of 262,144 tokens.
  static final int HEADER_MAX = 64 << 20;

  /// llama.cpp compares each key, and each tensor, with all before it.
  static final int ENTRIES_MAX = 4096;

  static final int TENSORS_MAX = 16_384;

  private static final int BUFFER = 1 << 14;
  private static final int KEY_MAX = 256;
  private static final int TEXT_KEPT = 4096;

  /// The longest known chat template has 30,000 characters.
  private static final int TEMPLATE_MAX = 1 << 18;

  private static final int WHOLES_KEPT = 1024;

  /// ggml keeps a name in 64 bytes, the last of which is 0.
  private static final int NAME_MAX = 63;

  private static final int DIMENSIONS_MAX = 4;

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

  /// Where in the file the first byte after the buffer lies.
  private long ahead;

  GgufReader(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
    buffer.limit(0);
  }

  /// Place in the file of what is read next.
  long place() {
    return ahead - buffer.remaining();
  }

  void goTo(long place) {
    ahead = place;
    buffer.position(0).limit(0);
  }

  int uint32() throws IOException {
    return need(4).getInt();
  }

  long int64() throws IOException {
    return need(8).getLong();
  }

  /// @param bytes that one of them takes at least
  long count(String what, int bytes, long most) throws IOException {
    long count = int64();
    if (count < 0 || count > most) {
      throw new Damaged(
          "it claims %s %s and may have %,d".formatted(Long.toUnsignedString(count), what, most));
    }
    long left = size - place();
    if (count > left / bytes) {
      throw new CutOff(count * bytes - left, size);
    }
    return count;
  }

  Map<String, GgufValue> entries(long count) throws IOException {
    Map<String, GgufValue> values = new TreeMap<>();
    for (long i = 0; i < count; i++) {
      String key = text(length("key", 1, KEY_MAX));
      if (!plain(key)) {
        throw new Damaged("key %d holds something else than letters".formatted(i));
      }
      if (values.put(key, value(key)) != null) {
        throw new Damaged("it holds the key %s twice".formatted(key));
      }
    }
    return values;
  }

  private GgufValue value(String key) throws IOException {
    int type = uint32();
    return new GgufValue(
        type,
        switch (type) {
          case GgufValue.LIST -> items();
          case GgufValue.TEXT -> {
            boolean template = key.equals("tokenizer.chat_template");
            int length = length("text", 0, template ? TEMPLATE_MAX : HEADER_MAX);
            yield template || length <= TEXT_KEPT ? text(length) : skipped(length);
          }
          case GgufValue.BOOL -> flag(key);
          case GgufValue.FLOAT32 -> (double) need(4).getFloat();
          case 12 -> need(8).getDouble();
          default -> whole(type);
        });
  }

  private Boolean flag(String key) throws IOException {
    int value = need(1).get() & 0xFF;
    if (value > 1) {
      throw new Damaged("its %s is a flag and has the value %d".formatted(key, value));
    }
    return value == 1;
  }

  private @Nullable Object skipped(long bytes) throws IOException {
    skip(bytes);
    return null;
  }

  long whole(int type) throws IOException {
    return switch (type) {
      case 0 -> need(1).get() & 0xFF;
      case 1 -> need(1).get();
      case 2 -> need(2).getShort() & 0xFFFF;
      case 3 -> need(2).getShort();
      case GgufValue.UINT32 -> need(4).getInt() & 0xFFFF_FFFFL;
      case GgufValue.INT32 -> need(4).getInt();
      case 10, 11 -> need(8).getLong();
      default -> throw new Damaged("a value has the unknown type " + Integer.toUnsignedLong(type));
    };
  }

  private GgufValue.Items items() throws IOException {
    int type = uint32();
    int bytes = GgufValue.bytes(type);
    long count = count("elements in a list", bytes == 0 ? 8 : bytes, HEADER_MAX);
    long at = place();
    long[] wholes = {};
    if (bytes == 0) {
      for (long i = 0; i < count; i++) {
        skip(length("text", 0, HEADER_MAX));
      }
    } else if (GgufValue.whole(type) && count <= WHOLES_KEPT) {
      wholes = new long[(int) count];
      for (int i = 0; i < count; i++) {
        wholes[i] = whole(type);
      }
    } else {
      skip(count * bytes);
    }
    return new GgufValue.Items(type, count, at, wholes);
  }

  /// The length that stands before a text.
  int length(String what, int least, int most) throws IOException {
    long length = int64();
    if (length < least || length > most) {
      throw new Damaged(
          "it claims a %s of %s bytes, and one has %d to %,d"
              .formatted(what, Long.toUnsignedString(length), least, most));
    }
    if (length > size - place()) {
      throw new CutOff(length - (size - place()), size);
    }
    return (int) length;
  }

  private String text(int length) throws IOException {
    byte[] bytes = new byte[length];
    take(bytes, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// @param length at most the size of the array
  void take(byte[] bytes, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int step = Math.min(length - done, BUFFER);
      need(step).get(bytes, done, step);
      done += step;
    }
  }

  private void skip(long bytes) throws IOException {
    if (bytes <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) bytes);
      return;
    }
    goTo(place() + bytes);
    if (place() > size) {
      throw new CutOff(place() - size, size);
    }
    limit();
  }

  private void limit() {
    if (place() > HEADER_MAX) {
      throw new Damaged("its header is longer than %,d bytes".formatted(HEADER_MAX));
    }
  }

  /// Reads what it says of its tensors. Their data follows the header, in their order, each
  /// beginning at a multiple of the alignment right after the one before.
  Tensors tensors(long count, long alignment) throws IOException {
    List<GgufTensor> tensors = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    long end = 0;
    long padded = 0;
    for (long i = 0; i < count; i++) {
      String name = text(length("name of a tensor", 1, NAME_MAX));
      if (!plain(name)) {
        throw new Damaged("the name of tensor %d holds something else than letters".formatted(i));
      }
      if (!names.add(name)) {
        throw new Damaged("it holds the tensor %s twice".formatted(name));
      }
      try {
        GgufTensor tensor = tensor(name);
        tensors.add(tensor);
        long offset = int64();
        if (offset != padded) {
          throw new Damaged(
              "tensor %s lies at %s and the one before it ends at %,d"
                  .formatted(name, Long.toUnsignedString(offset), padded));
        }
        end = Math.addExact(padded, tensor.bytes());
        padded = padded(end, alignment);
      } catch (ArithmeticException e) {
        throw new Damaged("tensor %s is larger than any file".formatted(name));
      }
    }
    long start = padded(place(), alignment);
    try {
      return new Tensors(tensors, Math.addExact(start, end), Math.addExact(start, padded));
    } catch (ArithmeticException e) {
      throw new Damaged("its tensors are larger than any file");
    }
  }

  /// @param end place in the file where the data of the last one ends
  /// @param padded the same with the padding behind it
  record Tensors(List<GgufTensor> all, long end, long padded) {}

  private GgufTensor tensor(String name) throws IOException {
    int dimensions = uint32();
    if (dimensions < 1 || dimensions > DIMENSIONS_MAX) {
      throw new Damaged(
          "tensor %s has %d dimensions, and one has 1 to %d"
              .formatted(name, Integer.toUnsignedLong(dimensions), DIMENSIONS_MAX));
    }
    long row = 0;
    long elements = 1;
    for (int d = 0; d < dimensions; d++) {
      long length = int64();
      if (length < 1) {
        throw new Damaged("tensor %s has a dimension of %d".formatted(name, length));
      }
      row = d == 0 ? length : row;
      elements = Math.multiplyExact(elements, length);
    }
    int type = uint32();
    GgufTypes.Block block = GgufTypes.block(type);
    if (row % block.elements() != 0) {
      throw new Damaged(
          "tensor %s has rows of %,d elements, which are stored in blocks of %d"
              .formatted(name, row, block.elements()));
    }
    long bytes = Math.multiplyExact(elements / block.elements(), block.bytes());
    return new GgufTensor(name, type, bytes);
  }

  /// Names are ASCII in all files; C reads them to the first 0, and they go to logs and terminals.
  private static boolean plain(String name) {
    return name.chars().allMatch(letter -> letter >= ' ' && letter <= '~');
  }

  private static long padded(long bytes, long alignment) {
    return Math.addExact(bytes, alignment - 1) / alignment * alignment;
  }

  private ByteBuffer need(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      buffer.compact();
      int read = 0;
      while (buffer.position() < bytes && read >= 0) {
        // A channel may hand over less than asked for.
        read = channel.read(buffer, ahead);
        ahead += Math.max(read, 0);
      }
      buffer.flip();
      if (buffer.remaining() < bytes) {
        throw new CutOff(bytes - buffer.remaining(), size);
      }
      limit();
    }
    return buffer;
  }

  /// The file ends inside its header.
  static final class CutOff extends RuntimeException {
    private final long missing;
    private final long size;

    CutOff(long missing, long size) {
      super(null, null, false, false);
      this.missing = missing;
      this.size = size;
    }

    long missing() {
      return missing;
    }

    long size() {
      return size;
    }
  }

  /// A number in the header that cannot be true.
  static final class Damaged extends RuntimeException {
    Damaged(String message) {
      super(message, null, false, false);
    }
  }
}
