package dev.ponder.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Many connections that begin a request and then say next to nothing. One that is closed by the
/// service is opened again.
final class Crowd {

  private static final long ROUND_NANOS = 500_000_000;

  /// Connections that are opened in a round at most, so that ports do not run out.
  private static final int OPENED = 2_500;

  private final InetSocketAddress service;
  private final int size;
  private final byte[] beginning;
  private final byte[] drip;
  private final boolean reads;
  private final List<Guest> guests = new ArrayList<>();
  private int opened;
  private int most;

  /// @param beginning what each connection says at first
  /// @param drip what it says every half second
  /// @param reads whether it reads what it is answered
  Crowd(int port, int size, String beginning, String drip, boolean reads) {
    this.service = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.size = size;
    this.beginning = ascii(beginning);
    this.drip = ascii(drip);
    this.reads = reads;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static final class Guest {
    private final SocketChannel channel;
    private ByteBuffer toSay;

    Guest(SocketChannel channel, byte[] beginning) {
      this.channel = channel;
      this.toSay = ByteBuffer.wrap(beginning);
    }
  }

  void come(BooleanSupplier going) {
    var scrap = ByteBuffer.allocate(4096);
    try {
      while (going.getAsBoolean()) {
        long end = System.nanoTime() + ROUND_NANOS;
        for (int i = 0; i < OPENED && guests.size() < size; i++) {
          SocketChannel channel = SocketChannel.open();
          channel.configureBlocking(false);
          channel.connect(service);
          guests.add(new Guest(channel, beginning));
          opened++;
        }
        guests.removeIf(guest -> !stays(guest, scrap));
        most = Math.max(most, guests.size());
        LockSupport.parkNanos(Math.max(0, end - System.nanoTime()));
      }
    } catch (IOException outOfSockets) {
      System.err.println("The crowd stopped at " + guests.size() + ": " + outOfSockets);
    } finally {
      guests.forEach(Crowd::close);
    }
  }

  private boolean stays(Guest guest, ByteBuffer scrap) {
    try {
      if (!guest.channel.isConnected() && !guest.channel.finishConnect()) {
        return true;
      }
      if (!guest.toSay.hasRemaining() && drip.length > 0) {
        guest.toSay = ByteBuffer.wrap(drip);
      }
      guest.channel.write(guest.toSay);
      if (reads) {
        scrap.clear();
        if (guest.channel.read(scrap) < 0) {
          close(guest);
          return false;
        }
      }
      return true;
    } catch (IOException closedByTheService) {
      close(guest);
      return false;
    }
  }

  private static void close(Guest guest) {
    try {
      guest.channel.close();
    } catch (IOException gone) {
      // What was wanted.
    }
  }

  /// How many connections were open at the same time at most, and how many were opened in all.
  String told() {
    return "%,d connections at most, %,d opened".formatted(most, opened);
  }
}
