package dev.ponder.engine.jllama.seat;

import dev.ponder.engine.EngineException;
import dev.ponder.engine.gguf.GgufHeader;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The process that holds one loaded model. Ponder starts it and talks to it over standard input
/// and output, in frames; it ends when its standard input ends, so it never outlives the Ponder
/// that started it.
///
/// Of itself it says how far it is locked down, then `ready`, or `unusable` with the reason.
public final class Seat {
  /// The property of the folder where the library unpacks itself. The library deletes files there
  /// whose names begin with `llama` or `jllama`, so a seat always gets a folder of its own.
  public static final String LIBRARY_FOLDER = "de.kherud.llama.tmpdir";

  public static final String READY = "ready";
  public static final String UNUSABLE = "unusable ";

  private static final Pattern FIRST_PART = Pattern.compile("(.*)-00001-of-([0-9]{5})\\.gguf");

  private static final long END_MILLIS = 2_000;

  private final DataOutputStream parent;
  private final CountDownLatch parentGone = new CountDownLatch(1);

  /// Never counted down: when all is in order, the process ends before it is waited for.
  private final CountDownLatch over = new CountDownLatch(1);

  private Seat(OutputStream parent) {
    this.parent = new DataOutputStream(new BufferedOutputStream(parent, Frame.DATA_MAX));
  }

  /// Runs a seat until its parent is gone; then ends the process.
  public static void main(String[] args) {
    // The library prints on standard output when it unpacks itself; only our frames belong there.
    System.setOut(System.err);
    int status = 1;
    try {
      FutureTask<Void> library = new FutureTask<>(SeatModel::loadLibrary, null);
      new Thread(library, "library").start();
      Lockdown lockdown = Lockdown.here();
      OutputStream parent =
          lockdown == null ? new FileOutputStream(FileDescriptor.out) : lockdown.ownOutput();
      status = new Seat(parent).run(SeatOptions.parse(args), library, lockdown);
    } catch (IllegalArgumentException | IllegalStateException | IOException e) {
      System.err.println("The seat cannot start: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.exit(status);
  }

  private int run(SeatOptions options, FutureTask<Void> library, @Nullable Lockdown lockdown)
      throws IOException, InterruptedException {
    Path file = options.model().file().toAbsolutePath();
    Path named = SeatModel.nativePath(file);
    @Nullable String noLibrary = failure(library);
    if (named.equals(file)) {
      removeLibraryFolder();
    }
    // Before anything of the model is parsed, and before the threads begin that do it.
    lock(lockdown, file, named);
    SeatServer server = new SeatServer(options, parent);
    // Loading goes on beside the client's first requests.
    FutureTask<@Nullable SeatModel> loading =
        new FutureTask<>(() -> load(options, named, noLibrary));
    new Thread(null, loading, "load", SeatServer.THREAD_STACK).start();
    Thread reader = new Thread(() -> read(server), "requests");
    reader.setDaemon(true);
    reader.start();
    SeatModel model = loaded(loading);
    if (model == null) {
      return 3;
    }
    server.serve(model);
    say(READY);
    parentGone.await();
    server.stop(END_MILLIS);
    model.close();
    return 0;
  }

  private static @Nullable String failure(FutureTask<Void> task) throws InterruptedException {
    try {
      task.get();
      return null;
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause().getMessage());
    }
  }

  private void lock(@Nullable Lockdown lockdown, Path file, Path named) {
    if (lockdown == null) {
      say("is not locked down: this system has nothing that a process can do to itself");
      return;
    }
    List<Path> readable = new ArrayList<>(List.of(file, named));
    readable.addAll(furtherParts(file));
    readable.add(Path.of(System.getProperty("java.home")));
    String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
    for (String entry : entries) {
      readable.add(Path.of(entry).toAbsolutePath());
    }
    if (entries.length == 1) {
      readable.addAll(namedBy(readable.getLast()));
    }
    say(lockdown.lock(readable));
  }

  /// A model can be in several files; the first names how many.
  private static List<Path> furtherParts(Path file) {
    Matcher name = FIRST_PART.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return List.of();
    }
    return IntStream.rangeClosed(2, Integer.parseInt(name.group(2)))
        .mapToObj(part -> "%s-%05d-of-%s.gguf".formatted(name.group(1), part, name.group(2)))
        .map(file::resolveSibling)
        .takeWhile(Files::exists)
        .toList();
  }

  /// What the manifest of a jar adds to the class path: all libraries, where a jar stands for them.
  private static List<Path> namedBy(Path jar) {
    List<Path> named = new ArrayList<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      String all = manifest == null ? null : manifest.getMainAttributes().getValue("Class-Path");
      for (String each : all == null ? new String[0] : all.strip().split(" +")) {
        named.add(Path.of(jar.toUri().resolve(each)));
      }
    } catch (IOException | IllegalArgumentException | FileSystemNotFoundException e) {
      // A folder, for example.
    }
    return named;
  }

  private void read(SeatServer server) {
    try {
      server.read(new DataInputStream(new BufferedInputStream(System.in, Frame.DATA_MAX)));
    } catch (IOException e) {
      System.err.println("The seat hears nothing any more: " + e.getMessage());
    }
    parentGone.countDown();
    endAtLast();
  }

  private static @Nullable SeatModel loaded(FutureTask<@Nullable SeatModel> loading)
      throws InterruptedException {
    try {
      return loading.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("loading broke off: " + e.getCause(), e);
    }
  }

  private @Nullable SeatModel load(SeatOptions options, Path named, @Nullable String noLibrary) {
    try {
      if (noLibrary != null) {
        throw new IllegalStateException(noLibrary);
      }
      GgufHeader header = GgufHeader.read(options.model().file());
      Architectures.check(header);
      header.requireUnchanged();
      SeatModel model = SeatModel.load(options.model(), named, header);
      header.requireUnchanged();
      return model;
    } catch (EngineException.Unusable e) {
      say(UNUSABLE + e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      String why = String.valueOf(e.getMessage()).replace('\n', ' ');
      say(
          UNUSABLE
              + "The model file %s cannot be loaded by jllama with a context of %,d tokens for each of %d sequences: %s. Try a smaller context, or serve the model with llama-server."
                  .formatted(
                      options.model().file(),
                      options.model().contextTokens(),
                      options.model().sequences(),
                      why));
    }
    return null;
  }

  private void say(String sentence) {
    byte[] bytes = sentence.getBytes(StandardCharsets.UTF_8);
    try {
      synchronized (parent) {
        Frame.write(
            parent, Frame.LIFE, Frame.SAYS, bytes, 0, Math.min(bytes.length, Frame.DATA_MAX));
        parent.flush();
      }
    } catch (IOException e) {
      System.err.println("The seat cannot be heard: " + e.getMessage());
    }
  }

  /// A model that is still loading, or an engine that hangs, does not keep the seat alive.
  private void endAtLast() {
    try {
      if (!over.await(2 * END_MILLIS, TimeUnit.MILLISECONDS)) {
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  /// The library is loaded, so its file can go. Where open files cannot be deleted, and where the
  /// model has another name in it, Ponder removes the folder after the seat has ended.
  private static void removeLibraryFolder() {
    String folder = System.getProperty(LIBRARY_FOLDER);
    if (folder == null) {
      return;
    }
    Path path = Path.of(folder);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      System.err.println("The folder %s stays until the seat ends: %s".formatted(folder, e));
    }
  }
}
