package dev.ponder.engine.jllama.seat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What Ponder and a seat say to each other over the pipes between them: requests and the pieces of
/// their answers, which may overlap, so that each names its request.
///
/// @param request a number that the parent counts up; [#LIFE] for what the seat says of itself
/// @param kind one of the letters below
/// @param payload null if it was longer than the reader takes; it has been skipped then
public record Frame(int request, byte kind, byte @Nullable [] payload) {
  /// The number of no request.
  public static final int LIFE = 0;

  /// To the seat: a request, as [SeatCall] reads it.
  public static final byte REQUEST = 'R';

  /// To the seat: nobody waits for the answer any more.
  public static final byte CANCEL = 'C';

  /// To the parent: an answer begins; two bytes of status, two of seconds to wait before another
  /// try.
  public static final byte ANSWER = 'A';

  /// To the parent: a piece of the body.
  public static final byte DATA = 'D';

  /// To the parent: the answer is whole.
  public static final byte END = 'E';

  /// To the parent: the answer ends here, and is not whole.
  public static final byte BREAK = 'B';

  /// To the parent: a sentence of the seat on itself.
  public static final byte SAYS = 'S';

  /// More bytes of a body travel in several frames, so that no reader has to hold more at once.
  public static final int DATA_MAX = 64 << 10;

  /// Longer ones are not skipped either: whoever sends them is no Ponder.
  private static final int SKIPPED_MAX = 64 << 20;

  private static final byte[] NOTHING = {};

  public Frame(int request, byte kind) {
    this(request, kind, NOTHING);
  }

  /// Waits for the next one.
  ///
  /// @param most bytes of a payload; nothing is made room for before this has been looked at
  /// @return null at the end
  public static @Nullable Frame read(DataInputStream in, int most) throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
    byte kind = in.readByte();
    int request = in.readInt();
    if (length < 0 || length > SKIPPED_MAX) {
      throw new IOException("a frame of %,d bytes is none".formatted(length));
    }
    if (length > most) {
      in.skipNBytes(length);
      return new Frame(request, kind, null);
    }
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException("it ended inside a frame");
    }
    return new Frame(request, kind, payload);
  }

  public void writeTo(DataOutputStream out) throws IOException {
    byte[] bytes = payload == null ? NOTHING : payload;
    write(out, request, kind, bytes, 0, bytes.length);
  }

  public static void write(
      DataOutputStream out, int request, byte kind, byte[] bytes, int from, int length)
      throws IOException {
    out.writeInt(length);
    out.writeByte(kind);
    out.writeInt(request);
    out.write(bytes, from, length);
  }
}
