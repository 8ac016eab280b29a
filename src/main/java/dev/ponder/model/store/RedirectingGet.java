package dev.ponder.model.store;

import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.BodyBytes;
import dev.ponder.model.store.PullFailed.Cause;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks for a file and follows redirections by hand: a token must not go to another host, and the
/// first answer of Hugging Face says size and digest of what the last one delivers.
final class RedirectingGet {

  /// How long a server may take to begin its answer.
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

  private static final int REDIRECTS_MAX = 8;

  private final HttpClient client;

  RedirectingGet(HttpClient client) {
    this.client = client;
  }

  /// The last answer of a chain of redirections.
  ///
  /// @param sha256 as Hugging Face states it on the way, if it does
  /// @param bytes the same for the size, else -1
  record Arrival(HttpResponse<BodyBytes> answer, @Nullable String sha256, long bytes) {}

  Arrival get(Origin origin, long from, @Nullable String validator)
      throws IOException, InterruptedException {
    URI address = origin.address();
    String sha256 = null;
    long bytes = -1;
    for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
      HttpResponse<BodyBytes> answer =
          client.send(request(origin, address, from, validator), info -> new BodyBytes());
      String stated = linkedDigest(answer.headers());
      sha256 = sha256 == null ? stated : sha256;
      bytes = bytes < 0 ? number(answer.headers(), "x-linked-size") : bytes;
      if (!redirects(answer.statusCode())) {
        return new Arrival(answer, sha256, bytes);
      }
      answer.body().close();
      address = next(origin, address, answer.headers());
    }
    throw new PullFailed(
        Cause.NOT_FOUND,
        "%s redirects more than %d times. Check the address."
            .formatted(origin.shown(), REDIRECTS_MAX));
  }

  private HttpRequest request(Origin origin, URI address, long from, @Nullable String validator) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(ANSWER_LIMIT)
            .header("User-Agent", "ponder")
            .header("Accept-Encoding", "identity");
    ApiKey token = origin.token();
    if (token != null && sameHost(origin.address(), address)) {
      request.header("Authorization", token.authorization());
    }
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
      if (validator != null) {
        request.header("If-Range", validator);
      }
    }
    return request.build();
  }

  private static boolean sameHost(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && one.getAuthority().equals(other.getAuthority());
  }

  private static boolean redirects(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  /// Where a redirection leads, unless it leads where no server on the internet has to send
  /// anybody. What the host that was asked for itself redirects to on itself is its own affair.
  ///
  /// Java keeps the addresses of a name for 30 s, so that they are the same when the connection is
  /// made.
  private static URI next(Origin origin, URI address, HttpHeaders headers) {
    String to = headers.firstValue("location").orElse("");
    URI next;
    try {
      next = address.resolve(to);
    } catch (IllegalArgumentException e) {
      throw refused(address, "to something that is no address");
    }
    String scheme = String.valueOf(next.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw refused(address, "to an address that does not begin with http:// or https://");
    }
    if (scheme.equals("http") && address.getScheme().equalsIgnoreCase("https")) {
      throw refused(address, "from https to http, where anybody on the way could change the file");
    }
    String host = next.getHost();
    if (host == null || next.getRawUserInfo() != null) {
      throw refused(address, "to something that is no address of a file");
    }
    if (!host.equalsIgnoreCase(origin.address().getHost()) && !PublicAddress.is(host)) {
      throw refused(
          address,
          "to %s, which is this machine or in its own network. If the file is meant to come from there, name that address itself"
              .formatted(host));
    }
    return next;
  }

  private static PullFailed refused(URI address, String where) {
    return new PullFailed(
        Cause.NOT_FOUND,
        "%s redirects %s. It is not followed; check the address of the source."
            .formatted(address.getHost(), where));
  }

  /// Hugging Face names a large file by its SHA-256.
  private static @Nullable String linkedDigest(HttpHeaders headers) {
    Optional<String> etag = headers.firstValue("x-linked-etag").map(tag -> tag.replace("\"", ""));
    return etag.filter(tag -> tag.matches("[0-9a-f]{64}")).orElse(null);
  }

  static long number(HttpHeaders headers, String name) {
    return headers
        .firstValue(name)
        .filter(value -> value.matches("\\d{1,18}"))
        .map(Long::parseLong)
        .orElse(-1L);
  }
}
