package dev.ponder.engine.llamaserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ponder.engine.Conversation;
import dev.ponder.engine.EngineException;
import dev.ponder.engine.EngineHealth.State;
import dev.ponder.engine.GenerationRequest;
import dev.ponder.engine.Sampling;
import dev.ponder.engine.Written;
import dev.ponder.engine.process.ChildEnvironment;
import dev.ponder.time.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A llama-server of Ponder's own that cannot be started, or not in time: small scripts stand
/// for it.
@Timeout(120)
class ManagedLlamaServerTests {
  @TempDir Path folder;

  private ManagedLlamaServer engine;

  @AfterEach
  void end() {
    if (engine != null) {
      engine.close();
    }
  }

  private ManagedLlamaServer engine(ManagedServerSettings settings) {
    engine =
        new ManagedLlamaServer(
            new ManagedModel("big", LocalServer.MINI, 2048, 2, null, List.of()),
            settings.withFolder(folder.resolve("slots")),
            LlamaServerSettings.defaults(),
            InstantSource.system());
    return engine;
  }

  private ManagedServerSettings script(String text) throws IOException {
    Path script = folder.resolve("server");
    Files.writeString(script, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return ManagedServerSettings.defaults().withExecutable(script.toString());
  }

  private static GenerationRequest within(Duration time) {
    return new GenerationRequest(
        new Conversation(null, "Hi"),
        Written.NOTHING,
        new Sampling(0, 1, 0, 0, 0, 1),
        1,
        5,
        Deadline.in(time, InstantSource.system()),
        "a");
  }

  @Test
  void aMissingExecutableSaysWhatToInstallOrSet() {
    ManagedServerSettings settings =
        ManagedServerSettings.defaults().withExecutable("llama-server-of-nobody");

    assertThatThrownBy(() -> engine(settings).capabilities())
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessageContaining("there is no 'llama-server-of-nobody' on the PATH")
        .hasMessageContaining("Install llama.cpp")
        .hasMessageContaining("ponder.engine.llama-server.executable");
    assertThat(engine.health().state()).isEqualTo(State.UNUSABLE);
  }

  @Test
  void aPathThatIsNoExecutableIsNamed() {
    ManagedServerSettings settings =
        ManagedServerSettings.defaults().withExecutable(folder.toString());

    assertThatThrownBy(() -> engine(settings).capabilities())
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessageContaining(folder + " is no executable file");
  }

  @Test
  void aServerThatEndsAtOnceIsQuotedAndNotTriedAgain() throws IOException {
    ManagedServerSettings settings =
        script("echo 'loading' >&2; echo 'error: invalid argument: --cache-ram'; exit 1");

    assertThatThrownBy(() -> engine(settings).capabilities())
        .isInstanceOf(EngineException.Unusable.class)
        .hasMessageContaining("of model big")
        .hasMessageContaining("ended with status 1")
        .hasMessageContaining("error: invalid argument: --cache-ram");
  }

  @Test
  void aServerThatIsKilledWhileItLoadsMayBeStartedAgain() throws IOException {
    ManagedServerSettings settings = script("echo 'loading' >&2; kill -9 $$");

    Throwable first = catchThrowable(() -> engine(settings).capabilities());
    Throwable second = catchThrowable(() -> engine.capabilities());
    Throwable third = catchThrowable(() -> engine.open(within(Duration.ofMillis(50))));

    assertThat(first).isInstanceOf(EngineException.Unavailable.class).hasMessageContaining("137");
    assertThat(second).isInstanceOf(EngineException.Unavailable.class);
    assertThat(third)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("Its next start is in");
    assertThat(engine.health().state()).isEqualTo(State.DOWN);
    assertThat(engine.health().restarts()).isEqualTo(1);
  }

  @Test
  void aServerThatIsNeverReadyIsEndedAtTheLimit() throws IOException {
    ManagedServerSettings settings =
        script("echo 'thinking about it' >&2; exec sleep 600")
            .withStartLimit(Duration.ofMillis(600));

    Throwable failure = catchThrowable(() -> engine(settings).open(within(Duration.ofMinutes(1))));

    assertThat(failure)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("was ended because it was not ready after 600 ms, the limit")
        .hasMessageContaining("thinking about it");
    engine.close();
    assertThat(folder.resolve("slots")).isEmptyDirectory();
  }

  @Test
  void aRequestDoesNotWaitBeyondItsDeadlineForAStartThatGoesOn() throws IOException {
    ManagedServerSettings settings = script("exec sleep 600");

    Throwable failure = catchThrowable(() -> engine(settings).open(within(Duration.ofMillis(300))));

    assertThat(failure)
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("is not ready yet");
    assertThat(engine.health().state()).isEqualTo(State.STARTING);
    engine.close();
    assertThat(folder.resolve("slots")).isEmptyDirectory();
  }

  @Test
  void keepsItsKeyOutOfTheCommandLineAndOthersOptionsOutOfItsEnvironment() throws IOException {
    ManagedServerSettings settings =
        script("echo \"options: $*\"; echo \"key: $LLAMA_API_KEY\"; exit 1");

    Throwable failure = catchThrowable(() -> engine(settings).capabilities());

    assertThat(failure)
        .hasMessageContaining("-np 2 -c 4096 --cache-ram 0 --no-context-shift")
        .hasMessageContaining("--host 127.0.0.1 --port")
        .hasMessageMatching("(?s).*key: [0-9a-f]{64}.*");
  }

  @Test
  void getsNothingOfTheServicesEnvironmentButWhatItNeeds() throws IOException {
    ManagedServerSettings settings = script("env | sed 's/=.*//;s/$/,/' | tr -d '\\n'; exit 1");
    Map<String, String> allowed = new TreeMap<>(System.getenv());
    ChildEnvironment.limit(allowed);
    Set<String> lost = new TreeSet<>(System.getenv().keySet());
    lost.removeAll(allowed.keySet());
    // What every shell sets for itself.
    lost.removeAll(Set.of("PWD", "OLDPWD", "SHLVL", "_"));

    Throwable failure = catchThrowable(() -> engine(settings).capabilities());

    assertThat(lost).isNotEmpty();
    assertThat(failure).hasMessageContaining("PATH,").hasMessageContaining("LLAMA_API_KEY,");
    assertThat(lost).noneMatch(name -> failure.getMessage().contains(name + ","));
  }
}
