package dev.ponder.cli.client;

import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Progress;
import dev.ponder.engine.http.ServerAddress;
import dev.ponder.start.ServiceFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the service for a command that can bring its own.
public final class OwnService implements AutoCloseable {

  /// A service that keeps ending is not started for ever.
  private static final int STARTS = 3;

  private final ServiceChoice choice;
  private final @Nullable Integer pace;
  private final boolean always;
  private final Progress progress;
  private volatile @Nullable EmbeddedService embedded;
  private int starts;
  private volatile boolean closed;

  /// @param always start one even if the data folder holds nothing yet
  public OwnService(
      ServiceChoice choice, @Nullable Integer pace, boolean always, Progress progress) {
    this.choice = choice;
    this.pace = pace;
    this.always = always;
    this.progress = progress;
  }

  /// The service to use now. Called again when that one stopped answering.
  public synchronized ServiceClient connect() {
    ServerAddress named = choice.named();
    if (named != null) {
      return existing(named.uri());
    }
    Path data = choice.data();
    Optional<ServiceFile> owner = RunningService.in(data);
    if (owner.isPresent()) {
      return existing(owner.get().url());
    }
    if (!always && !holdsADatabase(data)) {
      return choice.client(URI.create(ServiceChoice.USUAL));
    }
    if (closed || starts == STARTS) {
      throw new CommandFailed(
          Exit.NO_SERVICE,
          "The service on " + data + " ended. Its log is " + data.resolve("ponder.log") + ".");
    }
    starts++;
    progress.note("Starting the service on " + data + " …");
    embedded = EmbeddedService.start(choice.surroundings(), data, pace);
    return choice.client(embedded.awaitReady());
  }

  /// Whether the service in use is ours and ends with us.
  public boolean started() {
    return embedded != null;
  }

  private ServiceClient existing(URI url) {
    if (pace != null && starts == 0) {
      progress.note(
          "Using the service at " + url + "; its own pace counts, so --pace is ignored here.");
    }
    return choice.client(url);
  }

  private static boolean holdsADatabase(Path data) {
    if (!Files.isDirectory(data)) {
      return false;
    }
    try (Stream<Path> files = Files.list(data)) {
      return files.anyMatch(file -> file.getFileName().toString().endsWith(".mv.db"));
    } catch (IOException unreadable) {
      return false;
    }
  }

  /// Not synchronized with [#connect]: a service that is just being started has to end as well.
  @Override
  public void close() {
    closed = true;
    EmbeddedService child = embedded;
    if (child != null) {
      child.close();
    }
  }
}
