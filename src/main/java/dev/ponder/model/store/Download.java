package dev.ponder.model.store;

import dev.ponder.engine.http.BodyBytes;
import dev.ponder.engine.http.RetryAfter;
import dev.ponder.model.store.PartFile.Note;
import dev.ponder.model.store.PullFailed.Cause;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Gets one file over HTTP, through breaks, stalls and refusals that pass.
///
/// Bytes that arrived are kept and asked for no second time, if the server says that the file is
/// still the same (`If-Range`), or if the digest of the whole is known and tells in the end. Of a
/// server that ignores `Range` the file is taken from its beginning.
final class Download {

  private static final byte[] MAGIC = {'G', 'G', 'U', 'F'};

  private final Origin origin;
  private final PartFile part;
  private final Patience patience;
  private final long bytesMax;
  private final PullProgress progress;
  private final RedirectingGet hops;
  private final long end;

  private @Nullable String sha256;
  private @Nullable String validator;
  private long total = -1;
  private long fetched;

  /// @param bytesMax the file may have so many
  Download(
      Origin origin,
      PartFile part,
      Patience patience,
      long bytesMax,
      HttpClient client,
      PullProgress progress) {
    this.origin = origin;
    this.part = part;
    this.patience = patience;
    this.bytesMax = bytesMax;
    this.progress = progress;
    this.hops = new RedirectingGet(client);
    this.sha256 = origin.sha256();
    this.end = System.nanoTime() + patience.pull().toNanos();
  }

  /// What the whole file has to hash to, as far as anybody said.
  @Nullable String expectedSha256() {
    return sha256;
  }

  long fetched() {
    return fetched;
  }

  /// Returns when all bytes are in the part file.
  void run() throws IOException, InterruptedException {
    Note note = part.note();
    if (note != null && note.origin().equals(origin.shown())) {
      validator = note.validator();
      total = note.total();
    } else {
      part.empty();
    }
    int fruitless = 0;
    Duration pause = patience.backoffFirst();
    while (total < 0 || part.length() < total) {
      long before = fetched;
      Setback setback = attempt();
      if (setback == null) {
        continue;
      }
      fruitless = fetched > before ? 0 : fruitless + 1;
      pause = fruitless <= 1 ? patience.backoffFirst() : pause.multipliedBy(2);
      if (fruitless >= patience.attempts()) {
        throw interrupted(setback.what(), "%d tries in a row brought nothing".formatted(fruitless));
      }
      Duration wait = shorter(setback.after() == null ? pause : setback.after());
      if (System.nanoTime() + wait.toNanos() > end) {
        throw interrupted(setback.what(), "a pull may take %s".formatted(patience.pull()));
      }
      progress.note("%s Trying again in %d s.".formatted(setback.what(), wait.toSeconds()));
      pause(wait);
    }
  }

  /// Something that may pass.
  private record Setback(String what, @Nullable Duration after) {}

  private @Nullable Setback attempt() throws InterruptedException {
    try {
      boolean safe = validator != null || sha256 != null;
      if (part.length() > 0 && !safe) {
        part.empty();
      }
      RedirectingGet.Arrival arrival = hops.get(origin, part.length(), validator);
      try {
        return take(arrival);
      } finally {
        arrival.answer().body().close();
      }
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      String what =
          e instanceof ConnectException
              ? "%s cannot be reached (%s)."
              : "The download from %s broke off (%s).";
      return new Setback(what.formatted(host(), why), null);
    }
  }

  private @Nullable Setback take(RedirectingGet.Arrival arrival)
      throws IOException, InterruptedException {
    HttpResponse<BodyBytes> answer = arrival.answer();
    String stated = arrival.sha256();
    if (sha256 == null) {
      sha256 = stated;
    } else if (stated != null && !stated.equals(sha256)) {
      throw new PullFailed(
          Cause.WRONG_FILE,
          "%s offers a file with the SHA-256 %s and not %s, which it has to have. Nothing of it was taken; check repository, file and revision."
              .formatted(origin.shown(), stated, sha256));
    }
    switch (answer.statusCode()) {
      case 200 -> begin(answer.headers(), arrival.bytes());
      case 206 -> {
        if (!continues(answer.headers())) {
          part.empty();
          return new Setback("%s continued at another place than asked.".formatted(host()), null);
        }
      }
      case 416 -> {
        part.empty();
        validator = null;
        return new Setback("%s has another file than before.".formatted(host()), null);
      }
      default -> {
        return refused(answer);
      }
    }
    copy(answer.body());
    return part.length() < total
        ? new Setback("%s ended the download too early.".formatted(host()), null)
        : null;
  }

  /// The file comes from its first byte on.
  private void begin(HttpHeaders headers, long linked) throws IOException {
    if (part.length() > 0) {
      progress.note(
          "%s cannot continue, or has another file now; the file is taken from its beginning."
              .formatted(host()));
      part.empty();
    }
    long stated = RedirectingGet.number(headers, "content-length");
    total = stated >= 0 ? stated : linked;
    if (total < 0) {
      throw new PullFailed(
          Cause.NOT_FOUND,
          "%s does not say how large the file is, so nobody could tell whether it is complete. Use another source."
              .formatted(origin.shown()));
    }
    validator = validator(headers);
    checkSize();
    part.remember(new Note(origin.shown(), validator, total));
  }

  private boolean continues(HttpHeaders headers) {
    String range = headers.firstValue("content-range").orElse("");
    String expected = "bytes %d-%d/".formatted(part.length(), total - 1);
    return range.equals(expected + total) || range.equals(expected + "*");
  }

  /// A strong ETag, else a date: what `If-Range` takes.
  private static @Nullable String validator(HttpHeaders headers) {
    return headers
        .firstValue("etag")
        .filter(tag -> tag.startsWith("\""))
        .or(() -> headers.firstValue("last-modified"))
        .orElse(null);
  }

  private void checkSize() throws IOException {
    if (total > bytesMax) {
      throw new PullFailed(
          Cause.WRONG_FILE,
          "%s has %,d bytes and at most %,d are allowed (weightsGigabytes of the profile, ponder.store.file-max). It may be another quantization."
              .formatted(origin.shown(), total, bytesMax));
    }
    Room.require(part.path(), total);
  }

  private void copy(BodyBytes body) throws IOException, InterruptedException {
    ByteBuffer next;
    while (part.length() < total && (next = body.next(patience.silence().toNanos())) != null) {
      byte[] bytes = new byte[(int) Math.min(next.remaining(), total - part.length())];
      next.get(bytes);
      boolean first = part.length() == 0;
      keep(bytes);
      fetched += bytes.length;
      if (first) {
        checkMagic(bytes);
      }
      progress.bytes(part.length(), total);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (System.nanoTime() > end) {
        throw interrupted("", "a pull may take %s".formatted(patience.pull()));
      }
    }
  }

  private void keep(byte[] bytes) {
    try {
      part.append(bytes, bytes.length);
    } catch (IOException e) {
      throw new PullFailed(
          Cause.NO_ROOM,
          "%s cannot be written to: %s. Make room, or choose another folder with ponder.store.folder."
              .formatted(part.path().toAbsolutePath().normalize(), e.getMessage()),
          e);
    }
  }

  /// An error page is noticed before gigabytes of something else are.
  private void checkMagic(byte[] bytes) {
    for (int i = 0; i < Math.min(bytes.length, MAGIC.length); i++) {
      if (bytes[i] != MAGIC[i]) {
        throw new PullFailed(
            Cause.WRONG_FILE,
            "%s is not a GGUF file: it does not begin with the letters GGUF. Check the address; a page about a model is not its file."
                .formatted(origin.shown()));
      }
    }
  }

  private Setback refused(HttpResponse<BodyBytes> answer) {
    int status = answer.statusCode();
    if (status == 429 || status == 408 || status >= 500) {
      return new Setback(
          "%s answers %d.".formatted(host(), status),
          RetryAfter.in(answer.headers(), InstantSource.system()));
    }
    if (status == 401 || status == 403) {
      throw new PullFailed(
          Cause.NOT_ALLOWED,
          "%s answers %d: it is not open to everybody. Accept its terms there if it has some, and give a token as ponder.store.hugging-face-token."
              .formatted(origin.shown(), status));
    }
    throw new PullFailed(
        Cause.NOT_FOUND,
        "%s answers %d: there is no such file. Check repository, file and revision of the profile, or name another source with --from."
            .formatted(origin.shown(), status));
  }

  private Duration shorter(@Nullable Duration wanted) {
    Duration most = patience.backoffMax();
    return wanted == null || wanted.compareTo(most) > 0 ? most : wanted;
  }

  private static void pause(Duration wait) throws InterruptedException {
    long until = System.nanoTime() + wait.toNanos();
    for (long left = wait.toNanos(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private String host() {
    return String.valueOf(origin.address().getHost());
  }

  private PullFailed interrupted(String what, String limit) {
    return new PullFailed(
        Cause.INTERRUPTED,
        "%s %s is not complete: %s. %s"
            .formatted(
                what,
                origin.shown(),
                limit,
                part.length() == 0
                    ? "Nothing of it is here yet."
                    : "%,d of %,d bytes are here, and the next pull goes on from them."
                        .formatted(part.length(), total))
            .strip());
  }
}
