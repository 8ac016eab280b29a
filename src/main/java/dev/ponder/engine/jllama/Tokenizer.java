package dev.ponder.engine.jllama;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Tokenizes, where it matters on a thread of its own. The native tokenizer recurses on the
// caller's stack once per
/// letter of an unbroken run: 4,000 letters end the process on an ordinary stack, 200,000 fit in
/// 64 MB. So this thread has 256 MB (address space, touched only when used), longer runs than
/// [#LONGEST_RUN] are refused, and only texts whose runs are short stay on the caller's thread.
final class Tokenizer implements AutoCloseable {
  static final int LONGEST_RUN = 100_000;
  private static final int SAFE_RUN = 1_000;
  private static final long STACK = 256L << 20;

  private final Function<String, int[]> encode;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(null, task, "tokenizer", STACK);
            made.setDaemon(true);
            return made;
          });

  Tokenizer(Function<String, int[]> encode) {
    this.encode = encode;
  }

  int[] encode(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    if (longestRun(text) <= SAFE_RUN) {
      return encode.apply(text);
    }
    try {
      return thread.submit(() -> encode.apply(text)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while tokenizing", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("tokenizing failed", e.getCause());
    }
  }

  /// Counts runs of blanks and runs of anything else. The tokenizer's own classes (letters, marks,
  /// signs) are finer and depend on its version of Unicode, so no run of its own can be longer.
  private static int longestRun(String text) {
    int longest = 0;
    int run = 0;
    boolean blanks = false;
    for (int i = 0; i < text.length(); i++) {
      boolean blank = Character.isWhitespace(text.charAt(i));
      run = blank == blanks ? run + 1 : 1;
      blanks = blank;
      longest = Math.max(longest, run);
      if (run > LONGEST_RUN) {
        throw RequestProblem.invalid(
            "The text has more than %,d characters in a row without a %s; that is the limit of this engine's tokenizer."
                .formatted(LONGEST_RUN, blank ? "word" : "blank"));
      }
    }
    return longest;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
