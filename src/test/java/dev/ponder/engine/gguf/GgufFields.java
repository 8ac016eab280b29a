package dev.ponder.engine.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Where in a sound GGUF file each of its fields lies, found by a reader of its own, so that a
/// mistake of the one that is tested is not made here too.
public final class GgufFields {

  /// Of a long list only so many elements at each end are fields to change.
  private static final int ENDS = 3;

  /// @param bytes 1, 2, 4 or 8
  public record Field(String name, int place, int bytes) {}

  private final ByteBuffer file;
  private final List<Field> fields = new ArrayList<>();

  private GgufFields(byte[] file) {
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  public static List<Field> of(byte[] file) {
    GgufFields found = new GgufFields(file);
    found.walk();
    return found.fields;
  }

  private void walk() {
    field("magic", 4);
    field("version", 4);
    long tensors = field("tensors", 8);
    long entries = field("entries", 8);
    for (long i = 0; i < entries; i++) {
      String key = text("key " + i, true);
      value(key, (int) field("type of " + key, 4));
    }
    for (long i = 0; i < tensors; i++) {
      String name = text("tensor " + i, true);
      long dimensions = field("dimensions of " + name, 4);
      for (long d = 0; d < dimensions; d++) {
        field("dimension %d of %s".formatted(d, name), 8);
      }
      field("type of " + name, 4);
      field("offset of " + name, 8);
    }
  }

  private void value(String key, int type) {
    if (type == 8) {
      text(key, true);
    } else if (type == 9) {
      int of = (int) field("type of elements of " + key, 4);
      long count = field("count of " + key, 8);
      for (long i = 0; i < count; i++) {
        boolean end = i < ENDS || i >= count - ENDS;
        if (of == 8) {
          text("%s %d".formatted(key, i), end);
        } else if (end) {
          field("%s %d".formatted(key, i), size(of));
        } else {
          file.position(file.position() + size(of));
        }
      }
    } else {
      field(key, size(type));
    }
  }

  private static int size(int type) {
    return switch (type) {
      case 0, 1, 7 -> 1;
      case 2, 3 -> 2;
      case 4, 5, 6 -> 4;
      default -> 8;
    };
  }

  private String text(String name, boolean kept) {
    int place = file.position();
    int length = (int) file.getLong();
    if (kept) {
      fields.add(new Field("length of " + name, place, 8));
      if (length > 0) {
        fields.add(new Field("first letter of " + name, place + 8, 1));
      }
    }
    byte[] bytes = new byte[length];
    file.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private long field(String name, int bytes) {
    fields.add(new Field(name, file.position(), bytes));
    return switch (bytes) {
      case 1 -> file.get();
      case 2 -> file.getShort();
      case 4 -> file.getInt();
      default -> file.getLong();
    };
  }
}
