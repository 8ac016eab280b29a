package dev.ponder.engine.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// A GGUF file with one thing wrong at a time: each field of its header with each number that a
/// parser may stumble over, then several at random.
public final class GgufMutants implements AutoCloseable {

  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    7,
    9,
    13,
    63,
    64,
    255,
    256,
    0x7FFF,
    0xFFFF,
    1 << 20,
    Integer.MAX_VALUE,
    0x8000_0000L,
    0xFFFF_FFFFL,
    1L << 32,
    1L << 40,
    (1L << 42) + 1,
    1L << 61,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 32,
    -1,
    -8,
    -32,
    -33
  };

  /// Looks at the file as it is now.
  @FunctionalInterface
  public interface Look {
    void at(String what) throws Exception;
  }

  private final byte[] good;
  private final List<GgufFields.Field> fields;
  private final FileChannel channel;

  /// @param file is made
  public GgufMutants(byte[] good, Path file) throws IOException {
    this.good = good;
    this.fields = GgufFields.of(good);
    Files.write(file, good);
    this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
  }

  /// @return how many there were
  public int each(Look look) throws Exception {
    int count = 0;
    for (GgufFields.Field field : fields) {
      for (long number : numbers(field)) {
        write(field, number);
        look.at("%s is %d".formatted(field.name(), number));
        count++;
      }
      restore(field.place(), field.bytes());
    }
    return count;
  }

  private Set<Long> numbers(GgufFields.Field field) {
    long right = right(field);
    Set<Long> numbers = new LinkedHashSet<>();
    for (long number : NUMBERS) {
      numbers.add(cut(number, field.bytes()));
    }
    for (long near : new long[] {right - 1, right + 1, right * 2, right / 2, Long.reverse(right)}) {
      numbers.add(cut(near, field.bytes()));
    }
    numbers.remove(right);
    return numbers;
  }

  private long right(GgufFields.Field field) {
    byte[] eight = new byte[8];
    System.arraycopy(good, field.place(), eight, 0, field.bytes());
    return ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static long cut(long number, int bytes) {
    return bytes == 8 ? number : number & (1L << 8 * bytes) - 1;
  }

  /// A handful of fields and bytes at once.
  public void atRandom(Random random, int rounds, Look look) throws Exception {
    GgufFields.Field last = fields.getLast();
    int header = last.place() + last.bytes();
    for (int round = 0; round < rounds; round++) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        GgufFields.Field field = fields.get(random.nextInt(fields.size()));
        long number =
            random.nextBoolean() ? random.nextLong() : NUMBERS[random.nextInt(NUMBERS.length)];
        write(field, random.nextInt(3) == 0 ? number >>> random.nextInt(64) : number);
        if (random.nextInt(4) == 0) {
          put(random.nextInt(header), new byte[] {(byte) random.nextInt()});
        }
      }
      look.at("round " + round);
      restore(0, header);
    }
  }

  private void write(GgufFields.Field field, long number) throws IOException {
    byte[] eight = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    put(field.place(), java.util.Arrays.copyOf(eight, field.bytes()));
  }

  private void restore(int place, int bytes) throws IOException {
    put(place, java.util.Arrays.copyOfRange(good, place, place + bytes));
  }

  private void put(int place, byte[] bytes) throws IOException {
    channel.write(ByteBuffer.wrap(bytes), place);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
