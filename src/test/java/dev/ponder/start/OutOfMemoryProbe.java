package dev.ponder.start;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A process like a service, in which one thread of a pool takes all memory and catches every
/// error.
final class OutOfMemoryProbe {
  private OutOfMemoryProbe() {}

  public static void main(String[] args) throws InterruptedException {
    EndOnOutOfMemory.ensure();
    System.out.println("pid " + ProcessHandle.current().pid() + " with " + String.join(",", args));
    var threads = Executors.newSingleThreadExecutor();
    threads.execute(
        () -> {
          List<byte[]> all = new ArrayList<>();
          try {
            while (true) {
              all.add(new byte[1 << 20]);
            }
          } catch (Throwable caught) {
            System.out.println("caught");
          }
        });
    threads.awaitTermination(20, TimeUnit.SECONDS);
    System.exit(0);
  }
}
