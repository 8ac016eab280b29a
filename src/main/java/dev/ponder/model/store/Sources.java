package dev.ponder.model.store;

import dev.ponder.engine.http.ServerAddress;
import dev.ponder.model.profile.Source;
import dev.ponder.model.store.PullFailed.Cause;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a source from one word, as the command line takes it.
public final class Sources {

  private static final Pattern HUGGING_FACE =
      Pattern.compile("hf:([\\w.-]+/[\\w.-]+)/((?:[\\w.-]+/)*[\\w.-]+\\.gguf)(?:@([\\w.-]+))?");

  private Sources() {}

  /// @throws PullFailed if the word is none
  public static Source parse(String word) {
    Matcher repository = HUGGING_FACE.matcher(word);
    if (repository.matches()) {
      String revision = repository.group(3);
      return new Source.HuggingFace(
          repository.group(1), repository.group(2), revision == null ? "main" : revision, null);
    }
    if (word.startsWith("hf:")) {
      throw new PullFailed(
          Cause.UNKNOWN,
          "'%s' is no file of a repository; one looks like hf:Qwen/Qwen3-8B-GGUF/Qwen3-8B-Q4_K_M.gguf."
              .formatted(ServerAddress.shown(word)));
    }
    // It would be looked for as a file of that name, and the name be told.
    if (word.contains("://") && !word.matches("https?://[^/?#]+/.*")) {
      throw new PullFailed(
          Cause.UNKNOWN,
          "'%s' is no address of a file; one looks like https://models.example/qwen3-8b.gguf."
              .formatted(ServerAddress.shown(word)));
    }
    return word.matches("https?://[^/?#]+/.*")
        ? new Source.Web(word, null)
        : new Source.LocalPath(word);
  }
}
