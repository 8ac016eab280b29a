package dev.ponder.engine.jllama.seat;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Tokenizes around two weaknesses of the native tokenizer.
///
/// It recurses on the caller's stack once per letter of an unbroken run: 4,000 letters end the
/// process on an ordinary stack, 200,000 fit in 64 MB. So there is a thread with 256 MB (address
/// space, touched only when used), longer runs than [#LONGEST_RUN] are refused, and only texts
/// whose runs are short stay on the caller's thread.
///
/// And it compiles a regular expression for each stretch of text between two tags, 0.6 ms each
/// time: a prompt of five stretches took longer than decoding eight tokens of a small model. The
/// stretches do not influence each other, so short ones are remembered.
final class Tokenizer implements AutoCloseable {
  static final int LONGEST_RUN = 100_000;
  private static final int SAFE_RUN = 1_000;
  private static final long STACK = 256L << 20;
  private static final int REMEMBERED = 512;
  private static final int REMEMBERED_LENGTH = 8_192;

  private final Function<String, int[]> encode;
  private final Map<String, int[]> tags = new HashMap<>();
  private final @Nullable Pattern anyTag;
  private final Map<String, int[]> remembered =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, int[]> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(null, task, "tokenizer", STACK);
            made.setDaemon(true);
            return made;
          });

  /// @param specialTokens texts that the native tokenizer turns into one token each
  Tokenizer(Function<String, int[]> encode, List<String> specialTokens) {
    this.encode = encode;
    for (String tag : specialTokens) {
      int[] ids = encode.apply(tag);
      if (ids.length == 1) {
        tags.put(tag, ids);
      }
    }
    this.anyTag = anyTag();
  }

  /// A pattern that finds the longest tag, or null where taking a text apart gives other tokens:
  /// some tokenizers look over the border of a tag.
  private @Nullable Pattern anyTag() {
    if (tags.isEmpty()) {
      return null;
    }
    Pattern pattern =
        Pattern.compile(
            tags.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    for (String tag : tags.keySet().stream().limit(8).toList()) {
      String sample = "One two. " + tag + "\n Three" + tag + " four\n" + tag + tag + "user\n5";
      if (!java.util.Arrays.equals(encode.apply(sample), inStretches(sample, pattern))) {
        return null;
      }
    }
    return pattern;
  }

  int[] encode(String text) {
    Pattern pattern = anyTag;
    return pattern == null ? stretch(text) : inStretches(text, pattern);
  }

  private int[] inStretches(String text, Pattern pattern) {
    IntStream.Builder ids = IntStream.builder();
    Matcher tag = pattern.matcher(text);
    int from = 0;
    while (tag.find()) {
      add(ids, stretch(text.substring(from, tag.start())));
      add(ids, tags.getOrDefault(tag.group(), new int[0]));
      from = tag.end();
    }
    add(ids, stretch(text.substring(from)));
    return ids.build().toArray();
  }

  private static void add(IntStream.Builder all, int[] ids) {
    for (int id : ids) {
      all.add(id);
    }
  }

  private int[] stretch(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    synchronized (remembered) {
      int[] known = remembered.get(text);
      if (known != null) {
        return known;
      }
    }
    int[] ids = longestRun(text) <= SAFE_RUN ? encode.apply(text) : onLargeStack(text);
    if (text.length() <= REMEMBERED_LENGTH) {
      synchronized (remembered) {
        remembered.put(text, ids);
      }
    }
    return ids;
  }

  private int[] onLargeStack(String text) {
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
