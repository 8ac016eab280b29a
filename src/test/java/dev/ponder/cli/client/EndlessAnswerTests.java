package dev.ponder.cli.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.ponder.cli.output.CommandFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EndlessAnswerTests {

  /// Whatever listens at the address that a command was given.
  @Test
  void anAnswerWithoutAnEndEndsTheCommandAndNotItsMemory() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] much = new byte[1 << 20];
          try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
              body.write(much);
            }
          }
        });
    server.start();
    try {
      URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());

      assertThatThrownBy(() -> new ServiceClient(url, null, null).get("/v1/jobs"))
          .isInstanceOf(CommandFailed.class)
          .hasMessageContaining("No answer from a Ponder service");
    } finally {
      server.stop(0);
    }
  }
}
