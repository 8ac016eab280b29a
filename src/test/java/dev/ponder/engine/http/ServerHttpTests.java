package dev.ponder.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.WireServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// No request outlives whoever made it, and no body is larger or slower than it may be.
@Timeout(60)
class ServerHttpTests {

  private static final Duration SOON = Duration.ofMillis(250);

  private final WireServer server = new WireServer();
  private final ServerHttp http =
      new ServerHttp(
          Duration.ofSeconds(1),
          new ServerHttp.Failures() {
            @Override
            public EngineException refused(String path, HttpResponse<?> response, byte[] body) {
              return new EngineException.Refused(
                  response.statusCode() + " " + body.length + " " + new String(body));
            }

            @Override
            public EngineException unavailable(String what, @Nullable Throwable cause) {
              return new EngineException.Unavailable(what, cause);
            }
          },
          null);

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  private HttpRequest request(Duration limit) {
    return ServerHttp.request(server.url().resolve("/x"), limit).GET().build();
  }

  /// Where a server may stop.
  private enum Stop {
    BEFORE_HEADERS(""),
    IN_HEADERS("HTTP/1.1 200 OK\r\nContent-Ty"),
    BEFORE_THE_BODY("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    IN_THE_BODY("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata:"),
    IN_A_REFUSAL("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nbecause");

    private final String sent;

    Stop(String sent) {
      this.sent = sent;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptClosesTheConnectionWhereverTheServerStops(Stop stop) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    server.answers(WireServer.hangsAfter(stop.sent, reached));
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicReference<Boolean> flagged = new AtomicReference<>();
    Thread asking =
        Thread.ofVirtual()
            .start(
                () -> {
                  failure.set(
                      catchThrowable(
                          () -> {
                            EventStream stream = http.stream("x", request(Duration.ofMinutes(1)));
                            try {
                              stream.next(TimeUnit.MINUTES.toNanos(1));
                            } finally {
                              stream.close();
                            }
                          }));
                  flagged.set(Thread.currentThread().isInterrupted());
                });
    reached.await();
    Thread.sleep(50);

    long began = System.nanoTime();
    asking.interrupt();

    assertThat(server.connectionsFallTo(0, SOON)).isTrue();
    assertThat(asking.join(SOON)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
    assertThat(failure.get()).isNotNull();
    // A reader that is interrupted itself is told so; a request keeps the flag.
    assertThat(flagged.get() || failure.get() instanceof InterruptedException).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void theLimitOfARequestIsThatOfItsWholeAnswer(Stop stop) throws Exception {
    server.answers(WireServer.hangsAfter(stop.sent, new CountDownLatch(1)));
    long began = System.nanoTime();

    Throwable failure = catchThrowable(() -> http.whole("x", request(Duration.ofMillis(400))));

    assertThat(failure).isInstanceOf(EngineException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(900));
    assertThat(server.connectionsFallTo(0, SOON)).isTrue();
  }

  @Test
  void aBodyThatTricklesIsNotWaitedFor() throws Exception {
    server.answers(
        (request, wire) -> {
          wire.head(200);
          while (true) {
            wire.send("x");
            Thread.sleep(20);
          }
        });

    Throwable failure = catchThrowable(() -> http.whole("x", request(Duration.ofMillis(400))));

    assertThat(failure).hasMessage("did not end its answer to /x in time");
    assertThat(server.connectionsFallTo(0, SOON)).isTrue();
  }

  @Test
  void bodiesHaveALimit() throws Exception {
    server.answers(
        (request, wire) -> {
          wire.head(request.contains("refuse") ? 500 : 200);
          byte[] much = new byte[1 << 20];
          while (true) {
            wire.send(much);
          }
        });

    Throwable large = catchThrowable(() -> http.whole("x", request(Duration.ofSeconds(30))));
    Throwable refused =
        catchThrowable(
            () ->
                http.whole(
                    "x",
                    ServerHttp.request(server.url().resolve("/refuse"), Duration.ofSeconds(30))
                        .GET()
                        .build()));

    assertThat(large).hasMessageContaining("larger than 33,554,432 bytes, the limit");
    assertThat(refused.getMessage()).startsWith("500 65536 ");
    // A server that only writes sees the close once the client's selector has come round, which is
    // every 3 s; one that looks sees it at once.
    assertThat(server.connectionsFallTo(0, Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void closingEndsARequestThatWaits() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    server.answers(WireServer.hangsAfter("", reached));
    Thread asking =
        Thread.ofVirtual()
            .start(() -> catchThrowable(() -> http.whole("x", request(Duration.ofMinutes(1)))));
    reached.await();

    http.close();

    assertThat(asking.join(Duration.ofSeconds(2))).isTrue();
    assertThat(server.connectionsFallTo(0, SOON)).isTrue();
  }

  @Test
  void aRequestThatWaitedIsNotMadeTwice() throws Exception {
    server.answers(
        (request, wire) -> {
          Thread.sleep(400);
          wire.reset();
        });

    HttpRequest posted =
        ServerHttp.request(server.url(), Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();

    Throwable failure = catchThrowable(() -> http.whole("x", posted));

    assertThat(failure).isInstanceOf(EngineException.Unavailable.class);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aConnectionThatIsClosedAtOnceIsTriedOnceMore() throws Exception {
    server.answers(
        (request, wire) -> {
          if (server.requests().size() == 1) {
            wire.reset();
          } else {
            wire.whole(200, "text/plain", "fine");
          }
        });

    byte[] body = http.whole("x", request(Duration.ofSeconds(10)));

    assertThat(body).asString().isEqualTo("fine");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aRefusalThatBreaksOffIsStillOne() throws Exception {
    server.answers(
        (request, wire) -> {
          wire.head(503, "Content-Length: 100").send("because");
          throw new IOException("gone");
        });

    Throwable failure = catchThrowable(() -> http.whole("x", request(Duration.ofSeconds(10))));

    assertThat(failure).hasMessage("503 7 because");
  }
}
