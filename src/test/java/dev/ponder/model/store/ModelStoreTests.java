package dev.ponder.model.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ponder.engine.http.ApiKey;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.model.profile.Profile;
import dev.ponder.model.profile.Source;
import dev.ponder.model.store.PullFailed.Cause;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/// Pulls the embedded model's file from a web server that behaves badly.
class ModelStoreTests {

  private static final Path MINI =
      Path.of("src/main/resources/models/thinking-mini/thinking-mini.gguf");

  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();
  private int attempts = 5;
  private final List<Long> steps = new ArrayList<>();
  private byte[] good = {};
  private FileServer server;

  @BeforeEach
  void serve() throws IOException {
    good = Files.readAllBytes(MINI);
    server = new FileServer(good);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aFileIsPulledCheckedAndInItsPlace() throws Exception {
    Pulled pulled = pull(web(null));

    assertThat(pulled.file()).hasBinaryContent(good);
    assertThat(pulled.file()).endsWith(Path.of("test", "mini.gguf"));
    assertThat(pulled.sha256()).isEqualTo(digest(good));
    assertThat(pulled.fetched()).isEqualTo(good.length);
    assertThat(steps).endsWith((long) good.length).isSorted();
    assertThat(left()).containsExactly("mini.gguf", "mini.gguf.sha256");
  }

  @Test
  void aFileThatIsHereIsNotPulledAgain() throws Exception {
    pull(web(null));
    int asked = server.asked.size();

    Pulled again = pull(web(null));

    assertThat(again.fetched()).isZero();
    assertThat(server.asked).hasSize(asked);
  }

  @Test
  void aPullThatBreaksOffGoesOnWhereItWas() throws Exception {
    server.breakingAfter(500_000, 600_000);

    Pulled pulled = pull(web(null));

    assertThat(pulled.file()).hasBinaryContent(good);
    assertThat(pulled.fetched()).isEqualTo(good.length);
    // The client may lose what it had read ahead when the connection broke.
    assertThat(server.asked).hasSize(3).startsWith("/mini.gguf - - -");
    assertThat(server.asked.subList(1, 3))
        .allMatch(asked -> asked.matches("/mini.gguf bytes=[1-9]\\d{5,}- \"one\" -"));
    assertThat(notes).filteredOn(note -> note.contains("Trying again in")).hasSize(2);
  }

  @Test
  void aLaterPullGoesOnWhereAnEarlierOneGaveUp() throws Exception {
    server.breakingAfter(500_000, 0);
    PullFailed failed = failed(web(null), withAttempts(1));
    assertThat(failed.kind()).isEqualTo(Cause.INTERRUPTED);
    assertThat(failed).hasMessageContaining(" of 2,198,624 bytes are here, and the next pull goes");

    Pulled pulled = pull(web(null));

    assertThat(pulled.file()).hasBinaryContent(good);
    assertThat(pulled.resumed()).isBetween(100_000L, 500_000L);
    assertThat(pulled.fetched()).isEqualTo(good.length - pulled.resumed());
    assertThat(server.asked.getLast()).contains("bytes=%d-".formatted(pulled.resumed()));
  }

  @Test
  void aServerThatIgnoresRangeIsTakenFromTheBeginning() throws Exception {
    server.breakingAfter(500_000);
    server.ignoresRange = true;

    Pulled pulled = pull(web(null));

    assertThat(pulled.file()).hasBinaryContent(good);
    assertThat(notes).anyMatch(note -> note.contains("from its beginning"));
  }

  @Test
  void aFileThatChangedIsTakenFromTheBeginning() throws Exception {
    server.breakingAfter(500_000, 0);
    failed(web(null), withAttempts(1));
    byte[] other = good.clone();
    other[good.length - 1] ^= 1;
    server.bytes = other;
    server.etag = "\"two\"";

    Pulled pulled = pull(web(null));

    assertThat(pulled.file()).hasBinaryContent(other);
    assertThat(pulled.resumed()).isZero();
  }

  @Test
  void withoutValidatorAndDigestNothingIsPatchedTogether() throws Exception {
    server.etag = null;
    server.breakingAfter(500_000);

    Pulled pulled = pull(web(null));

    assertThat(pulled.file()).hasBinaryContent(good);
    assertThat(server.asked).containsExactly("/mini.gguf - - -", "/mini.gguf - - -");
  }

  @Test
  void aWrongChecksumIsRefusedAndTheBytesAreThrownAway() throws Exception {
    PullFailed failed = failed(web("0".repeat(64)), settings());

    assertThat(failed.kind()).isEqualTo(Cause.WRONG_FILE);
    assertThat(failed).hasMessageContaining(digest(good)).hasMessageContaining("0".repeat(64));
    assertThat(left()).isEmpty();
  }

  @Test
  void oneFlippedBitIsNoticed() throws Exception {
    byte[] bad = good.clone();
    bad[good.length / 2] ^= 1;
    server.bytes = bad;

    assertThat(failed(web(digest(good)), settings()).kind()).isEqualTo(Cause.WRONG_FILE);
  }

  @ParameterizedTest
  @CsvSource({
    "404, NOT_FOUND, there is no such file",
    "410, NOT_FOUND, there is no such file",
    "401, NOT_ALLOWED, hugging-face-token",
    "403, NOT_ALLOWED, hugging-face-token"
  })
  void aRefusalIsNotTriedAgain(int status, Cause cause, String sentence) {
    server.refusing(status);

    PullFailed failed = failed(web(null), settings());

    assertThat(failed.kind()).isEqualTo(cause);
    assertThat(failed)
        .hasMessageContaining(Integer.toString(status))
        .hasMessageContaining(sentence);
    assertThat(server.asked).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"429", "503", "500"})
  void aServerThatIsBusyIsAskedAgain(int status) throws Exception {
    server.refusing(status, status);
    server.retryAfter = "0";

    Pulled pulled = pull(web(null));

    assertThat(pulled.file()).hasBinaryContent(good);
    assertThat(notes).filteredOn(note -> note.contains("answers " + status)).hasSize(2);
  }

  @Test
  void aServerThatStaysBusyIsGivenUp() {
    server.refusing(429, 429, 429, 429);

    PullFailed failed = failed(web(null), withAttempts(3));

    assertThat(failed.kind()).isEqualTo(Cause.INTERRUPTED);
    assertThat(failed).hasMessageContaining("answers 429").hasMessageContaining("3 tries in a row");
    assertThat(server.asked).hasSize(3);
  }

  @Test
  void aServerThatFallsSilentIsLeftAndAskedAgain() throws Exception {
    server.breakingAfter(500_000);
    server.stalls = true;

    Pulled pulled = pull(web(null));

    assertThat(pulled.file()).hasBinaryContent(good);
    assertThat(server.asked).hasSize(2);
  }

  @Test
  void aMirrorOfHuggingFaceDeliversWithDigestAndWithoutLeakingTheToken() throws Exception {
    try (FileServer front = new FileServer(good)) {
      front.redirectsTo = server.url() + "/blob";
      front.linkedEtag = "\"" + digest(good) + "\"";
      Source source = new Source.HuggingFace("Own/Mini-GGUF", "sub/mini.gguf", "main", null);

      Pulled pulled = pull(profile(source), settings(front.url(), false));

      assertThat(pulled.file()).hasBinaryContent(good).endsWith(Path.of("test", "mini.gguf"));
      assertThat(front.asked)
          .containsExactly("/Own/Mini-GGUF/resolve/main/sub/mini.gguf - - Bearer secret");
      assertThat(server.asked).containsExactly("/blob - - -");
    }
  }

  @Test
  void theDigestThatHuggingFaceStatesIsChecked() throws Exception {
    try (FileServer front = new FileServer(good)) {
      front.redirectsTo = server.url() + "/blob";
      front.linkedEtag = "\"" + "1".repeat(64) + "\"";
      Source source = new Source.HuggingFace("Own/Mini-GGUF", "mini.gguf", "main", null);

      PullFailed failed = failed(profile(source), settings(front.url(), false));

      assertThat(failed.kind()).isEqualTo(Cause.WRONG_FILE);
    }
  }

  @Test
  void redirectionsHaveAnEnd() {
    server.redirectsTo = server.url() + "/again";

    assertThat(failed(web(null), settings())).hasMessageContaining("redirects more than 8 times");
  }

  /// Each in a form that is easily overlooked.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "FILE:/etc/passwd",
        "ftp://example.org/mini.gguf",
        "jar:file:///tmp/a.jar!/b",
        "gopher://example.org/",
        "http://localhost:1/mini.gguf",
        "http://LocalHost:1/mini.gguf",
        "http://127.1.2.3/mini.gguf",
        "http://2130706433/mini.gguf",
        "http://127.1/mini.gguf",
        "http://0.0.0.0/mini.gguf",
        "http://10.0.0.1/mini.gguf",
        "http://172.16.0.1/mini.gguf",
        "http://172.31.255.255/mini.gguf",
        "http://192.168.1.1/mini.gguf",
        "http://100.64.0.1/mini.gguf",
        "http://169.254.169.254/latest/meta-data/",
        "http://168.63.129.16/machine",
        "http://100.100.100.200/latest/meta-data/",
        "http://255.255.255.255/mini.gguf",
        "http://224.0.0.1/mini.gguf",
        "http://[::1]/mini.gguf",
        "http://[::]/mini.gguf",
        "http://[::ffff:127.0.0.1]/mini.gguf",
        "http://[::ffff:a00:1]/mini.gguf",
        "http://[::127.0.0.2]/mini.gguf",
        "http://[fe80::1]/mini.gguf",
        "http://[fc00::1]/mini.gguf",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://[64:ff9b::7f00:1]/mini.gguf",
        "http://[64:ff9b::a9fe:a9fe]/mini.gguf",
        "http://[2002:7f00:1::]/mini.gguf",
        "http://[2001:0:1::]/mini.gguf",
        "http://user:secret@192.0.2.1/mini.gguf",
        "http:///mini.gguf",
        "http://[broken/mini.gguf",
        "//10.0.0.1/mini.gguf"
      })
  void aRedirectionToAnotherPlaceThanTheInternetIsNotFollowed(String to) throws Exception {
    server.redirectsTo = to;

    PullFailed failed = failed(web(null), settings());

    assertThat(failed.kind()).isEqualTo(Cause.NOT_FOUND);
    assertThat(failed)
        .hasMessageContaining("127.0.0.1 redirects")
        .hasMessageNotContaining("secret");
    assertThat(server.asked).hasSize(1);
    assertThat(left()).noneMatch(name -> name.endsWith(".gguf"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.0.1",
        "223.255.255.254",
        "2606:4700::1111",
        "2002:101:101::",
        "64:ff9b::101:101"
      })
  void addressesOfTheInternetAreFollowed(String address) throws Exception {
    assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void theHashOfTheProfileCountsForEverySource() throws Exception {
    Path other = Files.write(folder.resolve("other.gguf"), good);
    Profile profile = web("1".repeat(64));

    PullFailed failed =
        catchThrowableOfType(
            PullFailed.class,
            () ->
                store(settings())
                    .pull(profile, new Source.LocalPath(other.toString()), progress()));

    assertThat(failed.kind()).isEqualTo(Cause.WRONG_FILE);
    assertThat(left()).isEmpty();
  }

  @Test
  void aServerThatSaysItHasAnotherFileIsNotReadToTheEnd() throws Exception {
    try (FileServer front = new FileServer(good)) {
      front.redirectsTo = server.url() + "/blob";
      front.linkedEtag = "\"" + "1".repeat(64) + "\"";
      Source source = new Source.HuggingFace("Own/Mini-GGUF", "mini.gguf", "main", digest(good));

      PullFailed failed = failed(profile(source), settings(front.url(), false));

      assertThat(failed.kind()).isEqualTo(Cause.WRONG_FILE);
      assertThat(failed).hasMessageContaining("Nothing of it was taken");
      assertThat(left()).isEmpty();
    }
  }

  @Test
  void whatTheFirstPullBroughtIsWhatLaterOnesHaveToBring() throws Exception {
    Pulled first = pull(web(null));
    assertThat(notes).singleElement().asString().contains("names no sha256", digest(good));
    Files.delete(first.file());
    byte[] other = good.clone();
    other[other.length - 1] ^= 1;
    server.bytes = other;
    server.etag = "\"two\"";

    PullFailed failed = failed(web(null), settings());

    assertThat(failed.kind()).isEqualTo(Cause.WRONG_FILE);
    assertThat(failed).hasMessageContaining("pulled first").hasMessageContaining(".sha256");
    assertThat(left()).containsExactly("mini.gguf.sha256");
    server.bytes = good;
    assertThat(pull(web(null)).file()).hasBinaryContent(good);
  }

  @Test
  void anErrorPageIsNoModel() throws Exception {
    server.bytes = "<html>Sign in</html>".getBytes(StandardCharsets.UTF_8);

    PullFailed failed = failed(web(null), settings());

    assertThat(failed.kind()).isEqualTo(Cause.WRONG_FILE);
    assertThat(failed).hasMessageContaining("is not a GGUF file");
    assertThat(left()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "architecture | qwen3moe | has the architecture 'qwen2' and the profile test wants 'qwen3moe'",
        "quantization | Q4_K_M   | is stored as Q8_0 and the profile test wants Q4_K_M",
        "context      | 262144   | was trained for 2,048 tokens of context and the profile test counts on 262,144",
        "size         | 0.001    | has 2"
      })
  void anotherModelIsRefusedWithAReason(String what, String wanted, String message) {
    Map<String, Object> parameters =
        switch (what) {
          case "quantization" -> Map.of("quantization", wanted);
          case "context" -> Map.of("contextNative", Integer.valueOf(wanted));
          case "size" -> Map.of("weightsGigabytes", Double.valueOf(wanted));
          default -> Map.of();
        };
    Profile profile =
        profile(
            new Source.Web(server.url() + "/mini.gguf", null),
            what.equals("architecture") ? wanted : "qwen2",
            parameters);

    PullFailed failed = failed(profile, settings());

    assertThat(failed.kind()).isEqualTo(Cause.WRONG_FILE);
    assertThat(failed).hasMessageContaining(message);
  }

  @Test
  void offlineNothingIsAsked() throws Exception {
    PullFailed failed = failed(web(null), settings(server.url(), true));

    assertThat(failed.kind()).isEqualTo(Cause.OFFLINE);
    assertThat(failed).hasMessageContaining("mini.gguf").hasMessageContaining("--from PATH");
    assertThat(server.asked).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void aLocalFileIsCopiedAlsoOffline() throws Exception {
    Pulled pulled =
        store(settings(server.url(), true))
            .pull(web(null), new Source.LocalPath(MINI.toString()), PullProgress.NONE);

    assertThat(pulled.file()).hasBinaryContent(good);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void aLocalFileThatIsMissingIsTold() {
    PullFailed failed =
        catchThrowableOfType(
            PullFailed.class,
            () ->
                store(settings())
                    .pull(web(null), new Source.LocalPath("/nowhere/x.gguf"), PullProgress.NONE));

    assertThat(failed.kind()).isEqualTo(Cause.NOT_FOUND);
    assertThat(failed).hasMessageContaining("/nowhere/x.gguf");
  }

  @Test
  void twoPullsOfOneFileDoNotMix() throws Exception {
    Files.createDirectories(folder.resolve("test"));
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("test/mini.gguf.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      PullFailed failed = failed(web(null), settings());

      assertThat(lock.isValid()).isTrue();
      assertThat(failed.kind()).isEqualTo(Cause.BUSY);
    }
  }

  private Pulled pull(Profile profile) throws InterruptedException {
    return pull(profile, settings());
  }

  private Pulled pull(Profile profile, StoreSettings settings) throws InterruptedException {
    return store(settings).pull(profile, null, progress());
  }

  private PullFailed failed(Profile profile, StoreSettings settings) {
    return catchThrowableOfType(PullFailed.class, () -> pull(profile, settings));
  }

  private Profile web(String sha256) {
    return profile(new Source.Web(server.url() + "/mini.gguf", sha256));
  }

  private static Profile profile(Source source) {
    return profile(source, "qwen2", Map.of("quantization", "Q8_0"));
  }

  private static Profile profile(
      Source source, String architecture, Map<String, Object> parameters) {
    return new Profile(
        "test",
        "test.yaml",
        "A test.",
        "tests",
        List.of(),
        List.of(),
        "mini",
        "llama-server",
        List.of(),
        architecture,
        source,
        parameters,
        Map.of(),
        Map.of());
  }

  private ModelStore store(StoreSettings settings) {
    Duration brief = Duration.ofMillis(5);
    return new ModelStore(
        settings,
        new Patience(Duration.ofSeconds(2), attempts, brief, brief, Duration.ofMinutes(5)));
  }

  private StoreSettings settings() {
    return settings(server.url(), false);
  }

  private StoreSettings withAttempts(int attempts) {
    this.attempts = attempts;
    return settings();
  }

  private StoreSettings settings(String huggingFace, boolean offline) {
    return new StoreSettings(
        folder,
        ServerAddress.of(huggingFace),
        ApiKey.of("secret"),
        offline,
        false,
        DataSize.ofGigabytes(1));
  }

  private PullProgress progress() {
    return new PullProgress() {
      @Override
      public void bytes(long have, long total) {
        steps.add(have);
      }

      @Override
      public void note(String sentence) {
        notes.add(sentence);
      }
    };
  }

  private List<String> left() throws IOException {
    if (!Files.exists(folder.resolve("test"))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder.resolve("test"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }

  private static String digest(byte[] bytes) {
    return HexFormat.of().formatHex(PartFile.sha256().digest(bytes));
  }
}
