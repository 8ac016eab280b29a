package dev.ponder.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the elements of a GGUF header, little endian, and trusts none of its numbers: a count is
/// accepted only if the file could still hold that many elements.
final class GgufReader {
  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_TEXT = 1 << 24;
  private static final int LONGEST_LIST = 1 << 22;
  private static final int DIMENSIONS_MAX = 8;
  private static final int ARRAYS_IN_ARRAYS_MAX = 3;

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private long read;

  GgufReader(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
    buffer.limit(0);
  }

  int uint32() throws IOException {
    return need(4).getInt();
  }

  long count(String what) throws IOException {
    long count = need(8).getLong();
    long left = size - read;
    if (count > left && count <= LONGEST_LIST) {
      throw new CutOff(count - left, size);
    }
    if (count < 0 || count > left) {
      throw new Damaged("it claims %s %s".formatted(Long.toUnsignedString(count), what));
    }
    return count;
  }

  Map<String, Object> entries(long count) throws IOException {
    Map<String, Object> values = new HashMap<>();
    for (long i = 0; i < count; i++) {
      String key = text();
      values.put(key, value(uint32(), 0));
    }
    return values;
  }

  private Object value(int type, int depth) throws IOException {
    return switch (type) {
      case 0 -> (long) (need(1).get() & 0xFF);
      case 1 -> (long) need(1).get();
      case 2 -> (long) (need(2).getShort() & 0xFFFF);
      case 3 -> (long) need(2).getShort();
      case 4 -> need(4).getInt() & 0xFFFF_FFFFL;
      case 5 -> (long) need(4).getInt();
      case 6 -> (double) need(4).getFloat();
      case 7 -> need(1).get() != 0;
      case 8 -> text();
      case 9 -> array(depth + 1);
      case 10, 11 -> need(8).getLong();
      case 12 -> need(8).getDouble();
      default -> throw new Damaged("a value has the unknown type " + Integer.toUnsignedLong(type));
    };
  }

  private Object array(int depth) throws IOException {
    if (depth > ARRAYS_IN_ARRAYS_MAX) {
      throw new Damaged("lists are nested more than %d deep".formatted(ARRAYS_IN_ARRAYS_MAX));
    }
    int type = uint32();
    long count = count("elements in a list");
    if (count > LONGEST_LIST) {
      throw new Damaged("it claims a list of %,d elements".formatted(count));
    }
    long smallest = type == 8 ? 8 : type == 9 ? 12 : 1;
    if (count * smallest > size - read) {
      throw new CutOff(count * smallest - (size - read), size);
    }
    boolean numbers = type <= 5 && type >= 0;
    long[] integers = new long[numbers ? (int) count : 0];
    List<Object> others = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object element = value(type, depth);
      if (numbers) {
        integers[i] = (Long) element;
      } else if (type == 8) {
        others.add(element);
      }
    }
    return numbers ? integers : others;
  }

  private String text() throws IOException {
    long length = need(8).getLong();
    if (length < 0 || length > LONGEST_TEXT) {
      throw new Damaged("it claims a text of %s bytes".formatted(Long.toUnsignedString(length)));
    }
    byte[] bytes = new byte[available((int) length)];
    int done = 0;
    while (done < bytes.length) {
      int step = Math.min(bytes.length - done, BUFFER);
      need(step).get(bytes, done, step);
      done += step;
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private int available(int length) {
    if (length > size - read) {
      throw new CutOff(length - (size - read), size);
    }
    return length;
  }

  /// Where the data of the last tensor ends, counted from the start of the file.
  long tensorDataEnd(long tensors, long alignment) throws IOException {
    if (alignment < 1 || alignment > 1 << 20) {
      throw new Damaged("its alignment is %d".formatted(alignment));
    }
    long end = 0;
    for (long i = 0; i < tensors; i++) {
      end = Math.max(end, tensorEnd());
    }
    long dataStart = (read + alignment - 1) / alignment * alignment;
    return Math.addExact(dataStart, end);
  }

  private long tensorEnd() throws IOException {
    String name = text();
    int dimensions = uint32();
    if (dimensions < 0 || dimensions > DIMENSIONS_MAX) {
      throw new Damaged("tensor %s has %d dimensions".formatted(shorten(name), dimensions));
    }
    try {
      long elements = 1;
      for (int d = 0; d < dimensions; d++) {
        long length = need(8).getLong();
        if (length < 0) {
          throw new Damaged("tensor %s has a negative size".formatted(shorten(name)));
        }
        elements = Math.multiplyExact(elements, length);
      }
      int type = uint32();
      long offset = need(8).getLong();
      if (offset < 0) {
        throw new Damaged("tensor %s lies at a negative place".formatted(shorten(name)));
      }
      return Math.addExact(offset, bytes(type, elements));
    } catch (ArithmeticException e) {
      throw new Damaged("tensor %s is larger than any file".formatted(shorten(name)));
    }
  }

  private static String shorten(String name) {
    return name.length() <= 60 ? name : name.substring(0, 60) + "…";
  }

  /// Bytes that `elements` values of a ggml type take; 0 for a type this reader does not know,
  /// because a newer engine may know it.
  private static long bytes(int type, long elements) {
    return switch (type) {
      case 0, 26 -> Math.multiplyExact(elements, 4);
      case 1, 25, 30 -> Math.multiplyExact(elements, 2);
      case 27, 28 -> Math.multiplyExact(elements, 8);
      case 24 -> elements;
      case 2, 20 -> blocks(elements, 32, 18);
      case 3 -> blocks(elements, 32, 20);
      case 6 -> blocks(elements, 32, 22);
      case 7 -> blocks(elements, 32, 24);
      case 8 -> blocks(elements, 32, 34);
      case 9 -> blocks(elements, 32, 36);
      case 10 -> blocks(elements, 256, 84);
      case 11, 21 -> blocks(elements, 256, 110);
      case 12 -> blocks(elements, 256, 144);
      case 13 -> blocks(elements, 256, 176);
      case 14 -> blocks(elements, 256, 210);
      case 15 -> blocks(elements, 256, 292);
      case 16 -> blocks(elements, 256, 66);
      case 17 -> blocks(elements, 256, 74);
      case 18 -> blocks(elements, 256, 98);
      case 19 -> blocks(elements, 256, 50);
      case 22 -> blocks(elements, 256, 82);
      case 23 -> blocks(elements, 256, 136);
      case 29 -> blocks(elements, 256, 56);
      case 34 -> blocks(elements, 256, 54);
      case 35 -> blocks(elements, 256, 66);
      case 39 -> blocks(elements, 32, 17);
      default -> 0;
    };
  }

  private static long blocks(long elements, int perBlock, int bytesPerBlock) {
    return Math.multiplyExact((elements + perBlock - 1) / perBlock, bytesPerBlock);
  }

  private ByteBuffer need(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      buffer.compact();
      while (buffer.position() < bytes && channel.read(buffer) > 0) {
        // A channel may hand over less than asked for.
      }
      buffer.flip();
      if (buffer.remaining() < bytes) {
        throw new CutOff(bytes - buffer.remaining(), size);
      }
    }
    read += bytes;
    return buffer;
  }

  /// The file ends inside its header.
  static final class CutOff extends RuntimeException {
    private final long missing;
    private final long size;

    CutOff(long missing, long size) {
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
      super(message);
    }
  }
}
