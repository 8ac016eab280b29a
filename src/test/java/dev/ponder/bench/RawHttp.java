package dev.ponder.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One connection on which requests are sent as bytes, also such as no client would make.
final class RawHttp implements AutoCloseable {

  private static final int PATIENCE_MS = 30_000;

  private final Socket socket;
  private final InputStream in;

  RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static byte[] request(String method, String path, String headers, byte[] body) {
    String head =
        "%s %s HTTP/1.1\r\n%s%s\r\n"
            .formatted(
                method,
                path,
                headers.contains("Host:") ? headers : "Host: localhost\r\n" + headers,
                body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n");
    byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[first.length + body.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(body, 0, all, first.length, body.length);
    return all;
  }

  /// Sends a request and reads its answer to the end.
  ///
  /// @return the status
  /// @throws IOException also when the service has closed the connection
  int exchange(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    String line = line();
    if (line.isEmpty()) {
      throw new EOFException("closed");
    }
    int status = Integer.parseInt(line.split(" ", 3)[1]);
    long length = -1;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring("content-length:".length()).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.contains("chunked");
      }
    }
    if (chunked) {
      for (int size = chunk(); size > 0; size = chunk()) {
        in.skipNBytes(size + 2);
      }
      line();
    } else if (length > 0) {
      in.skipNBytes(length);
    }
    return status;
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line().split(";")[0].strip(), 16);
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    int next;
    while ((next = in.read()) >= 0 && next != '\n') {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
