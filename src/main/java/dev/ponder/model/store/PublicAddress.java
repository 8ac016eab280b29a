package dev.ponder.model.store;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Whether an address is one of the open internet: not this machine, not the network it stands in,
/// not the services that a cloud offers its machines, and none of the ranges that nobody has.
final class PublicAddress {

  /// Azure answers its machines under an address that looks public.
  private static final byte[] AZURE = {(byte) 168, 63, (byte) 129, 16};

  /// 64:ff9b::/96, behind which an IPv4 address follows.
  private static final byte[] TRANSLATED = {
    0, 0x64, (byte) 0xFF, (byte) 0x9B, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private PublicAddress() {}

  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? is4(bytes) : is6(bytes);
  }

  private static boolean is4(byte[] bytes) {
    int first = bytes[0] & 0xFF;
    int second = bytes[1] & 0xFF;
    int third = bytes[2] & 0xFF;
    return switch (first) {
      case 0, 10, 127 -> false;
      case 100 -> second < 64 || second > 127;
      case 169 -> second != 254;
      case 172 -> second < 16 || second > 31;
      case 192 -> second != 168 && !(second == 0 && (third == 0 || third == 2));
      case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100);
      case 203 -> !(second == 0 && third == 113);
      default -> first < 224 && !Arrays.equals(bytes, AZURE);
    };
  }

  /// An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is an `Inet4Address` in Java already.
  private static boolean is6(byte[] bytes) {
    if (Arrays.equals(bytes, 0, TRANSLATED.length, TRANSLATED, 0, TRANSLATED.length)) {
      return is4(Arrays.copyOfRange(bytes, 12, 16));
    }
    int start = (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
    int next = (bytes[2] & 0xFF) << 8 | bytes[3] & 0xFF;
    boolean sixToFour = start == 0x2002;
    if (sixToFour) {
      return is4(Arrays.copyOfRange(bytes, 2, 6));
    }
    // Assigned are the addresses from 2000:: on; of these 2001:0::/23 are for protocols (Teredo
    // hides an IPv4 address there) and 2001:db8::/32 for books.
    boolean assigned = start >> 13 == 1;
    return assigned && !(start == 0x2001 && (next < 0x200 || next == 0xDB8));
  }

  /// Whether all addresses of a host are. A host that nobody knows is left to whoever connects: it
  /// cannot be connected to, or a proxy knows it.
  static boolean is(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(PublicAddress::is);
    } catch (UnknownHostException e) {
      return true;
    }
  }
}
