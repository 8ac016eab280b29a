package dev.ponder.engine.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A GGUF file in the making: entries first, then tensors.
public final class GgufFile {

  private static final int ALIGNMENT = 32;
  private static final int UINT32 = 4;
  private static final int INT32 = 5;
  private static final int FLOAT32 = 6;
  private static final int BOOL = 7;
  private static final int TEXT = 8;
  private static final int LIST = 9;

  private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
  private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
  private final List<byte[]> data = new ArrayList<>();
  private int entryCount;
  private long offset;

  GgufFile put(String key, int whole) {
    key(key, UINT32);
    entries.writeBytes(number(whole, 4));
    return this;
  }

  GgufFile put(String key, float number) {
    key(key, FLOAT32);
    entries.writeBytes(number(Float.floatToIntBits(number), 4));
    return this;
  }

  GgufFile put(String key, boolean flag) {
    key(key, BOOL);
    entries.write(flag ? 1 : 0);
    return this;
  }

  GgufFile put(String key, String text) {
    key(key, TEXT);
    entries.writeBytes(text(text));
    return this;
  }

  GgufFile putTexts(String key, List<String> texts) {
    list(key, TEXT, texts.size());
    texts.forEach(text -> entries.writeBytes(text(text)));
    return this;
  }

  public GgufFile putWholes(String key, List<Integer> wholes) {
    list(key, INT32, wholes.size());
    wholes.forEach(whole -> entries.writeBytes(number(whole, 4)));
    return this;
  }

  /// A value of any type, as its bytes.
  public GgufFile putRaw(String key, int type, byte[] value) {
    key(key, type);
    entries.writeBytes(value);
    return this;
  }

  /// A tensor that may say anything of itself, and has no data.
  public GgufFile claim(String name, int type, long at, long... sizes) {
    tensors.writeBytes(text(name));
    tensors.writeBytes(number(sizes.length, 4));
    for (long size : sizes) {
      tensors.writeBytes(number(size, 8));
    }
    tensors.writeBytes(number(type, 4));
    tensors.writeBytes(number(at, 8));
    data.add(new byte[0]);
    return this;
  }

  /// @param type ggml's number for how its elements are stored
  /// @param sizes the length of a row first
  public GgufFile tensor(String name, int type, byte[] bytes, int... sizes) {
    tensors.writeBytes(text(name));
    tensors.writeBytes(number(sizes.length, 4));
    for (int size : sizes) {
      tensors.writeBytes(number(size, 8));
    }
    tensors.writeBytes(number(type, 4));
    tensors.writeBytes(number(offset, 8));
    data.add(bytes);
    offset += aligned(bytes.length);
    return this;
  }

  public void write(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      head.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
      head.writeBytes(number(3, 4));
      head.writeBytes(number(data.size(), 8));
      head.writeBytes(number(entryCount, 8));
      head.writeBytes(entries.toByteArray());
      head.writeBytes(tensors.toByteArray());
      padded(out, head.toByteArray());
      for (byte[] bytes : data) {
        padded(out, bytes);
      }
    }
  }

  private static void padded(OutputStream out, byte[] bytes) throws IOException {
    out.write(bytes);
    out.write(new byte[(int) (aligned(bytes.length) - bytes.length)]);
  }

  private static long aligned(long length) {
    return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private void key(String key, int type) {
    entryCount++;
    entries.writeBytes(text(key));
    entries.writeBytes(number(type, 4));
  }

  private void list(String key, int type, int count) {
    key(key, LIST);
    entries.writeBytes(number(type, 4));
    entries.writeBytes(number(count, 8));
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] number(long value, int bytes) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return java.util.Arrays.copyOf(all, bytes);
  }
}
